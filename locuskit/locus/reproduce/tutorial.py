"""The tutorial's steps in the tutorial's way: requests for the service, pandas for the
tables, a pool of threads where it has one. Prints a line of JSON for each step that
is begun and for each that is done."""

import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import pandas as pd
import requests

workers, repeats = int(sys.argv[1]), int(sys.argv[2])
route, headers = os.environ["LOCUS_URL"], {"eq-api-jwt": os.environ["API_TOKEN"]}

# Whoever started this holds the other end of standard input: when it is gone, so is this.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()


def get(path, **params):
    answer = requests.get(f"{route}/{path}", params=params, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json()


def say(**line):
    print(json.dumps(line), flush=True)


def timed(work):
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def fetched(sequential, parallel=None):
    """Time a fetch once, in one form or in two."""
    one, found = timed(sequential)
    many = None
    if parallel:
        many, again = timed(parallel)
        if again != found:
            sys.exit("the threads do not find the same as the loop")
    return one, many, found


def computed(work):
    """Time a computation several times; the median counts."""
    runs = [timed(work) for _ in range(repeats)]
    return sorted(took for took, _ in runs)[repeats // 2], None, runs[-1][1]


def loop(one, things):
    return [one(thing) for thing in things]


def pool(one, things):
    """What the loop gives, by threads, in its order."""
    found = [None] * len(things)
    with ThreadPoolExecutor(max_workers=workers) as executor:
        tasks = {executor.submit(one, thing): i for i, thing in enumerate(things)}
        for task in as_completed(tasks):
            found[tasks[task]] = task.result()
    return found


def step(measure, result):
    say(begun=True)
    one, many, found = measure()
    say(sequential=one, parallel=many, result=[float(x) for x in result(found)])
    return found


def connections_of(whitelabel):
    return get("connections", whitelabel=whitelabel["whitelabelid"])


whitelabels = get("whitelabels")
step(
    lambda: fetched(lambda: loop(connections_of, whitelabels), lambda: pool(connections_of, whitelabels)),
    lambda lists: [sum(len(some) for some in lists)],
)

span = get("reports/2163/aoi-frequencies")[5]["date_range"]
df = step(
    lambda: fetched(
        lambda: pd.DataFrame(get("datasets/eq/2163", enhancement="aoi", resolution="postalcode", **span))
    ),
    lambda df: [len(df)],
)

step(lambda: computed(lambda: (len(df["geo_id"].unique()), len(df["poi_id"].unique()))), lambda counts: counts)

visit_per_pc = step(
    lambda: computed(lambda: df.groupby("geo_id").sum()["visits"]),
    lambda visits: [len(visits), visits.sum()],
)

df_top = step(
    lambda: computed(
        lambda: pd.DataFrame(visit_per_pc[visit_per_pc.gt(visit_per_pc.quantile(0.995))])
        .sort_values("visits", ascending=False)
        .reset_index()
    ),
    lambda top: [len(top)],
)


def outline_of(code):
    return get("geojson/postalcode", code=code)


codes = list(df_top["geo_id"])
step(lambda: fetched(lambda: loop(outline_of, codes), lambda: pool(outline_of, codes)), lambda outlines: [len(outlines)])

df_demo = step(
    lambda: computed(
        lambda: pd.DataFrame(visit_per_pc[visit_per_pc > 100]).sort_values("visits", ascending=False).reset_index()
    ),
    lambda demo: [len(demo), demo["visits"][0]],
)

codes = sorted(df_demo["geo_id"])
batches = [codes[i : i + 50] for i in range(0, len(codes), 50)]
for name in ("Household Income", "Education Breakdown", "Resident Age Breakdown"):

    def batch_of(batch):
        return get(f"enrichments/demographic/{name}", codes=",".join(batch))

    def means(answers):
        rows = [row for answer in answers for row in answer["rows"]]
        return pd.DataFrame(rows, columns=answers[0]["columns"]).mean()

    step(lambda: fetched(lambda: loop(batch_of, batches), lambda: pool(batch_of, batches)), means)
