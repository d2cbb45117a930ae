"""Runs the queries of the comparison on one Python engine.

Usage: engines.py ENGINE DIR REPEAT [QUERIES]
For each query it writes one line of JSON: its name, the times of the runs and the
processor time that they took, in seconds, the most memory that the process had
resident during the last, in bytes, and the figures by which answers are compared.
Only the query itself is timed. Each engine starts from its own in-memory form of the
same Parquet files, strings as categories where it has them, and reads only those that
some query is about.
"""
import json
import os
import resource
import sys
import time

ENGINE, DIR, REPEAT = sys.argv[1], sys.argv[2], int(sys.argv[3])
QUERIES = sys.argv[4].split(",") if len(sys.argv) > 4 and sys.argv[4] else None
VISITS_CSV, VISITS, H2O = (os.path.join(DIR, n) for n in ("visits.csv", "visits.parquet", "h2o.parquet"))


LESSON = ["distinct", "group sum", "top 0.5 %", "above limit", "means", "filter", "quantile", "sort", "join"]
H2O_QUESTIONS = ["q1", "q2", "q3", "q4", "q5"]
DIVERSE = ["by zone", "by user", "medians", "distinct by word", "join zones", "sort floats", "filter floats"]
SPARSE = ["by id", "by few ids"]  # integers far from each other: user and zone, times 1,000,003


def wanted(names):
    """Whether some of these queries are to run, and their data are needed."""
    return not QUERIES or any(name in QUERIES for name in names)


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def forget_peak():
    """Starts the count of the most memory anew, where the system lets a process do so."""
    try:
        with open("/proc/self/clear_refs", "w") as f:
            f.write("5")
    except OSError:
        pass


def peak():
    try:
        with open("/proc/self/status") as f:
            return next(int(line.split()[1]) << 10 for line in f if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def run(name, query, answer):
    if not wanted([name]):
        return
    times, cpu = [], []
    spent = 0
    for _ in range(REPEAT + 1):
        result = None
        forget_peak()
        used, start = processor(), time.perf_counter()
        result = query()
        times.append(time.perf_counter() - start)
        cpu.append(processor() - used)
        most = peak()
        spent += times[-1]
        if spent > 90:
            break
    times, cpu = times[1:] or times, cpu[1:] or cpu  # the first run warms up
    print(json.dumps({"query": name, "seconds": times, "processor": cpu, "peak": most, "answer": [float(x) for x in answer(result)]}), flush=True)


def path(name):
    return os.path.join(DIR, name)


def diverse(engine):
    """The queries on data that nobody tuned for: engine has a function for each."""
    for name in DIVERSE + SPARSE:
        if name in engine:
            run(name, *engine[name])
    for form in ["Parquet", "CSV"]:
        read, group = engine[form]
        ending = "." + form.lower()
        run("trips " + form, lambda: read(path("trips" + ending)), lambda r: engine["whole"](r, "fare"))
        for data in ["low", "middle", "high"]:
            run(f"{data} {form}", lambda: read(path(data + ending)), lambda r: engine["whole"](r, "v"))
            run(f"{data} {form} grouped", lambda: group(read(path(data + ending))), engine["groups"])


def with_pyarrow():
    import pyarrow
    import pyarrow.compute as pc
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    trips = pq.read_table(path("trips.parquet")) if wanted(DIVERSE + SPARSE) else None
    ids = pyarrow.table({
        "id": pc.multiply(pc.utf8_slice_codeunits(trips["user"].cast("string"), 1).cast("int64"), 1_000_003),
        "few": pc.multiply(trips["zone"], 1_000_003), "fare": trips["fare"]}) if wanted(SPARSE) else None
    group = lambda key, *figures: lambda: trips.group_by(key).aggregate(list(figures))
    by_id = lambda key: lambda: ids.group_by(key).aggregate([("fare", "count"), ("fare", "sum")])
    sums = lambda r: [r.num_rows] + [pc.sum(r[name]).as_py() for name in r.column_names[1:]]
    diverse({
        "by zone": (group("zone", ("fare", "sum"), ("fare", "mean"), ("fare", "max")), sums),
        "by user": (group("user", ("fare", "count"), ("fare", "sum")), sums),
        "distinct by word": (group("word", ("zone", "count_distinct")), sums),
        "by id": (by_id("id"), sums),
        "by few ids": (by_id("few"), sums),
        "Parquet": (pq.read_table, lambda t: t.group_by("short").aggregate([("v", "sum")])),
        "CSV": (csv.read_csv, lambda t: t.group_by("short").aggregate([("v", "sum")])),
        "whole": lambda t, name: [t.num_rows, pc.sum(t[name]).as_py()],
        "groups": lambda t: [t.num_rows, pc.sum(t["v_sum"]).as_py(), pc.sum(pc.power(t["v_sum"].cast("double"), 2)).as_py()],
    })


def with_pandas(modin):
    if modin:
        import logging
        import modin.config as config
        config.Engine.put("ray")
        import ray
        ray.init(num_cpus=os.cpu_count(), include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        import modin.pandas as pd
        from modin.utils import execute
    else:
        import pandas as pd

        def execute(frame):
            return frame

    def done(result):
        for frame in result if isinstance(result, tuple) else (result,):
            if hasattr(frame, "columns") or hasattr(frame, "index"):
                execute(frame)
        return result

    def categories(frame, names):
        return frame if modin else frame.astype({n: "category" for n in names})

    def groups(r):
        return [len(r), r.sum(), (r.astype(float) ** 2).sum()]

    def lesson():
        visits = categories(pd.read_parquet(VISITS), ["geo_id"])
        done(visits)
        sums = visits.groupby("geo_id", observed=True)["visits"].sum()
        totals = sums.reset_index().rename(columns={"visits": "total"})
        if not modin:
            totals["geo_id"] = totals["geo_id"].astype(visits["geo_id"].dtype)
        limit = int(sums.median())
        run("distinct", lambda: (visits["geo_id"].nunique(), visits["poi_id"].nunique()), lambda r: r)
        run("group sum", lambda: done(visits.groupby("geo_id", observed=True)["visits"].sum()), groups)
        run("top 0.5 %", lambda: done(sums[sums.gt(sums.quantile(0.995))].sort_values(ascending=False).reset_index()),
            lambda r: [len(r), r["visits"].iloc[0], r["visits"].sum()])
        run("above limit", lambda: done(sums[sums > limit].sort_values(ascending=False).reset_index()),
            lambda r: [len(r), r["visits"].iloc[0], r["visits"].sum()])
        run("means", lambda: done(visits.drop("geo_id", axis=1).mean().reset_index()), lambda r: list(r.iloc[:, 1]))
        run("filter", lambda: done(visits[visits["visits"] > 8]), lambda r: [len(r), r["visits"].sum()])
        run("quantile", lambda: visits["visits"].quantile(0.995), lambda r: [r])
        run("sort", lambda: done(visits.sort_values(["visits", "geo_id"], ascending=[False, True])),
            lambda r: [r["visits"].iloc[i * (len(r) - 1) // 7] for i in range(8)])
        run("join", lambda: done(visits.merge(totals, on="geo_id")), lambda r: [len(r), r["total"].sum()])

    if wanted(LESSON):
        lesson()
    run("CSV read", lambda: done(pd.read_csv(VISITS_CSV)), lambda r: [len(r), r["visits"].sum()])
    run("Parquet read", lambda: done(pd.read_parquet(VISITS)), lambda r: [len(r), r["visits"].sum()])
    run("CSV group sum", lambda: done(pd.read_csv(VISITS_CSV).groupby("geo_id")["visits"].sum()), groups)
    run("Parquet group sum", lambda: done(pd.read_parquet(VISITS, columns=["geo_id", "visits"]).groupby("geo_id")["visits"].sum()), groups)

    def h2o():
        x = categories(pd.read_parquet(H2O), ["id1", "id2", "id3"])
        done(x)

        def by(keys, figures):
            return lambda: done(x.groupby(keys, observed=True).agg(figures))

        def check(r):
            return [len(r)] + [r[c].sum() for c in r.columns]

        run("q1", by(["id1"], {"v1": "sum"}), check)
        run("q2", by(["id1", "id2"], {"v1": "sum"}), check)
        run("q3", by(["id3"], {"v1": "sum", "v3": "mean"}), check)
        run("q4", by(["id4"], {"v1": "mean", "v2": "mean", "v3": "mean"}), check)
        run("q5", by(["id6"], {"v1": "sum", "v2": "sum", "v3": "sum"}), check)

    if wanted(H2O_QUESTIONS):
        h2o()
    if modin:
        return
    trips = pd.read_parquet(path("trips.parquet")) if wanted(DIVERSE + SPARSE) else None
    zones = pd.DataFrame({"zone": range(1, 266), "borough": [f"borough {i % 6}" for i in range(265)]})
    ids = pd.DataFrame({"id": trips["user"].str[1:].astype("int64") * 1_000_003, "few": trips["zone"] * 1_000_003, "fare": trips["fare"]}) if wanted(SPARSE) else None
    group = lambda keys, figures: lambda: trips.groupby(keys, dropna=False, observed=True).agg(figures)
    by_id = lambda key: lambda: ids.groupby(key).agg({"fare": ["count", "sum"]})
    sums = lambda r: [len(r)] + [r[c].sum() for c in r.columns]
    diverse({
        "by zone": (group("zone", {"fare": ["sum", "mean", "max"]}), sums),
        "by user": (group("user", {"fare": ["count", "sum"]}), sums),
        "medians": (group(["zone", "day"], {"fare": ["median", "std"]}), sums),
        "distinct by word": (group("word", {"zone": "nunique"}), sums),
        "by id": (by_id("id"), sums),
        "by few ids": (by_id("few"), sums),
        "join zones": (lambda: trips.merge(zones, on="zone").groupby("borough", observed=True).agg({"fare": "sum"}), sums),
        "sort floats": (lambda: trips[trips["fare"] > 0].sort_values("fare"), lambda r: [r["fare"].iloc[i * (len(r) - 1) // 7] for i in range(8)]),
        "filter floats": (lambda: trips[trips["fare"] > 20], lambda r: [len(r), r["fare"].sum()]),
        "Parquet": (pd.read_parquet, lambda t: t.groupby("short", dropna=False, observed=True)["v"].sum()),
        "CSV": (pd.read_csv, lambda t: t.groupby("short", dropna=False)["v"].sum()),
        "whole": lambda r, name: [len(r), r[name].sum()],
        "groups": lambda r: [len(r), r.sum(), (r.astype(float) ** 2).sum()],
    })


def with_polars():
    import polars as pl

    by_code = lambda f: f.group_by("geo_id").agg(pl.col("visits").sum())

    def groups(r):
        return [r.height, r["visits"].sum(), (r["visits"].cast(float) ** 2).sum()]

    def top(r):
        return [r.height, r["visits"][0], r["visits"].sum()]

    def lesson():
        visits = pl.read_parquet(VISITS).with_columns(pl.col("geo_id").cast(pl.Categorical))
        sums = by_code(visits)
        totals = sums.rename({"visits": "total"})
        limit = int(sums["visits"].median())
        run("distinct", lambda: visits.select(pl.col("geo_id", "poi_id").n_unique()), lambda r: r.row(0))
        run("group sum", lambda: by_code(visits), groups)
        run("top 0.5 %", lambda: sums.filter(pl.col("visits") > pl.col("visits").quantile(0.995, "linear")).sort("visits", descending=True), top)
        run("above limit", lambda: sums.filter(pl.col("visits") > limit).sort("visits", descending=True), top)
        run("means", lambda: visits.drop("geo_id").mean(), lambda r: r.row(0))
        run("filter", lambda: visits.filter(pl.col("visits") > 8), lambda r: [r.height, r["visits"].sum()])
        run("quantile", lambda: visits["visits"].quantile(0.995, "linear"), lambda r: [r])
        run("sort", lambda: visits.sort(["visits", "geo_id"], descending=[True, False], maintain_order=True),
            lambda r: [r["visits"][i * (r.height - 1) // 7] for i in range(8)])
        run("join", lambda: visits.join(totals, on="geo_id"), lambda r: [r.height, r["total"].sum()])

    if wanted(LESSON):
        lesson()
    run("CSV read", lambda: pl.read_csv(VISITS_CSV), lambda r: [r.height, r["visits"].sum()])
    run("Parquet read", lambda: pl.read_parquet(VISITS), lambda r: [r.height, r["visits"].sum()])
    run("CSV group sum", lambda: by_code(pl.scan_csv(VISITS_CSV)).collect(), groups)
    run("Parquet group sum", lambda: by_code(pl.scan_parquet(VISITS)).collect(), groups)

    c = pl.col

    def check(keys):
        return lambda r: [r.height] + [r[c].sum() for c in r.columns[keys:]]

    def h2o():
        x = pl.read_parquet(H2O).with_columns(c("id1", "id2", "id3").cast(pl.Categorical))

        def by(keys, *figures):
            return lambda: x.group_by(keys).agg(*figures)

        run("q1", by(["id1"], c("v1").sum()), check(1))
        run("q2", by(["id1", "id2"], c("v1").sum()), check(2))
        run("q3", by(["id3"], c("v1").sum(), c("v3").mean()), check(1))
        run("q4", by(["id4"], c("v1").mean(), c("v2").mean(), c("v3").mean()), check(1))
        run("q5", by(["id6"], c("v1").sum(), c("v2").sum(), c("v3").sum()), check(1))

    if wanted(H2O_QUESTIONS):
        h2o()
    trips = pl.read_parquet(path("trips.parquet")) if wanted(DIVERSE + SPARSE) else None
    zones = pl.DataFrame({"zone": range(1, 266), "borough": [f"borough {i % 6}" for i in range(265)]})
    fare = c("fare")
    ids = trips.select((c("user").cast(str).str.slice(1).cast(int) * 1_000_003).alias("id"), (c("zone") * 1_000_003).alias("few"), "fare") if wanted(SPARSE) else None
    by_id = lambda key: lambda: ids.group_by(key).agg(fare.count().alias("a"), fare.sum().alias("b"))
    diverse({
        "by zone": (lambda: trips.group_by("zone").agg(fare.sum().alias("a"), fare.mean().alias("b"), fare.max().alias("c")), check(1)),
        "by user": (lambda: trips.group_by("user").agg(fare.count().alias("a"), fare.sum().alias("b")), check(1)),
        "medians": (lambda: trips.group_by("zone", "day").agg(fare.median().alias("a"), fare.std().alias("b")), check(2)),
        "distinct by word": (lambda: trips.group_by("word").agg(c("zone").n_unique()), check(1)),
        "by id": (by_id("id"), check(1)),
        "by few ids": (by_id("few"), check(1)),
        "join zones": (lambda: trips.join(zones, on="zone").group_by("borough").agg(fare.sum()), check(1)),
        "sort floats": (lambda: trips.filter(fare > 0).sort("fare"), lambda r: [r["fare"][i * (r.height - 1) // 7] for i in range(8)]),
        "filter floats": (lambda: trips.filter(fare > 20), lambda r: [r.height, r["fare"].sum()]),
        "Parquet": (pl.read_parquet, lambda t: t.group_by("short").agg(c("v").sum())),
        "CSV": (pl.read_csv, lambda t: t.group_by("short").agg(c("v").sum())),
        "whole": lambda r, name: [r.height, r[name].sum()],
        "groups": lambda r: [r.height, r["v"].sum(), (r["v"].cast(float) ** 2).sum()],
    })


def with_duckdb():
    import duckdb

    db = duckdb.connect()
    db.execute("set enable_progress_bar = false")  # it would be drawn between the answers

    def table(sql):
        return lambda: db.execute(f"create or replace temp table r as {sql}")

    def ask(sql):
        return lambda _: db.execute(sql).fetchone()

    groups = ask("select count(*), sum(visits), sum(visits::double ** 2) from r")
    top = ask("select count(*), max(visits), sum(visits) from r")

    def lesson():
        db.execute(f"create table visits as from '{VISITS}'")
        db.execute("create table sums as select geo_id, sum(visits)::bigint visits from visits group by geo_id")
        db.execute("create table totals as select geo_id, visits total from sums")
        limit = int(db.execute("select median(visits) from sums").fetchone()[0])
        run("distinct", lambda: db.execute("select count(distinct geo_id), count(distinct poi_id) from visits").fetchone(), lambda r: r)
        run("group sum", table("select geo_id, sum(visits) visits from visits group by geo_id"), groups)
        run("top 0.5 %", table("from sums where visits > (select quantile_cont(visits, 0.995) from sums) order by visits desc"), top)
        run("above limit", table(f"from sums where visits > {limit} order by visits desc"), top)
        run("means", lambda: db.execute("select avg(poi_id), avg(visits) from visits").fetchone(), lambda r: r)
        run("filter", table("from visits where visits > 8"), ask("select count(*), sum(visits) from r"))
        run("quantile", lambda: db.execute("select quantile_cont(visits, 0.995) from visits").fetchone(), lambda r: r)
        run("sort", table("from visits order by visits desc, geo_id"),
            lambda _: [db.execute(f"select visits from r limit 1 offset (select {i} * (count(*) - 1) // 7 from r)").fetchone()[0] for i in range(8)])
        run("join", table("from visits join totals using (geo_id)"), ask("select count(*), sum(total) from r"))
        for name in ("visits", "sums", "totals"):
            db.execute(f"drop table {name}")

    if wanted(LESSON):
        lesson()
    rows = ask("select count(*), sum(visits) from r")
    run("CSV read", table(f"from '{VISITS_CSV}'"), rows)
    run("Parquet read", table(f"from '{VISITS}'"), rows)
    run("CSV group sum", table(f"select geo_id, sum(visits) visits from '{VISITS_CSV}' group by geo_id"), groups)
    run("Parquet group sum", table(f"select geo_id, sum(visits) visits from '{VISITS}' group by geo_id"), groups)

    def h2o():
        db.execute(f"create table x as from '{H2O}'")
        run("q1", table("select id1, sum(v1) a from x group by id1"), ask("select count(*), sum(a) from r"))
        run("q2", table("select id1, id2, sum(v1) a from x group by id1, id2"), ask("select count(*), sum(a) from r"))
        run("q3", table("select id3, sum(v1) a, avg(v3) b from x group by id3"), ask("select count(*), sum(a), sum(b) from r"))
        run("q4", table("select id4, avg(v1) a, avg(v2) b, avg(v3) c from x group by id4"), ask("select count(*), sum(a), sum(b), sum(c) from r"))
        run("q5", table("select id6, sum(v1) a, sum(v2) b, sum(v3) c from x group by id6"), ask("select count(*), sum(a), sum(b), sum(c) from r"))
        db.execute("drop table x")

    if wanted(H2O_QUESTIONS):
        h2o()
    if wanted(DIVERSE + SPARSE):
        db.execute(f"create table trips as from '{path('trips.parquet')}'")
        db.execute("create table zones as select i + 1 as zone, 'borough ' || (i % 6) borough from range(265) t(i)")
    if wanted(SPARSE):
        db.execute("create table ids as select substr(user, 2)::bigint * 1000003 id, zone * 1000003 few, fare from trips")

    def read(file):
        db.execute(f"create or replace temp table r as from '{file}'")

    diverse({
        "by zone": (table("select zone, sum(fare) a, avg(fare) b, max(fare) c from trips group by zone"), ask("select count(*), sum(a), sum(b), sum(c) from r")),
        "by user": (table("select user, count(fare) a, sum(fare) b from trips group by user"), ask("select count(*), sum(a), sum(b) from r")),
        "medians": (table("select zone, day, median(fare) a, stddev(fare) b from trips group by zone, day"), ask("select count(*), sum(a), sum(b) from r")),
        "by id": (table("select id, count(fare) a, sum(fare) b from ids group by id"), ask("select count(*), sum(a), sum(b) from r")),
        "by few ids": (table("select few, count(fare) a, sum(fare) b from ids group by few"), ask("select count(*), sum(a), sum(b) from r")),
        "distinct by word": (table("select word, count(distinct zone) a from trips group by word"), ask("select count(*), sum(a) from r")),
        "join zones": (table("select borough, sum(fare) a from trips join zones using (zone) group by borough"), ask("select count(*), sum(a) from r")),
        "sort floats": (table("from trips where fare > 0 order by fare"),
                        lambda _: [db.execute(f"select fare from r limit 1 offset (select {i} * (count(*) - 1) // 7 from r)").fetchone()[0] for i in range(8)]),
        "filter floats": (table("from trips where fare > 20"), ask("select count(*), sum(fare) from r")),
        "Parquet": (read, lambda _: db.execute("create or replace temp table g as select short, sum(v) v from r group by short")),
        "CSV": (read, lambda _: db.execute("create or replace temp table g as select short, sum(v) v from r group by short")),
        "whole": lambda _, name: db.execute(f"select count(*), sum({name}) from r").fetchone(),
        "groups": lambda _: db.execute("select count(*), sum(v), sum(v::double ** 2) from g").fetchone(),
    })


{"pandas": lambda: with_pandas(False), "Modin on Ray": lambda: with_pandas(True), "Polars": with_polars, "DuckDB": with_duckdb, "pyarrow": with_pyarrow}[ENGINE]()
