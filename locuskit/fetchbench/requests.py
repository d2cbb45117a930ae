# Fetches the connections of all whitelabels in one of three forms and prints what it cost as JSON.
import asyncio, json, os, resource, sys, time

form = sys.argv[1]
route, headers = os.environ["LOCUS_URL"], {"eq-api-jwt": os.environ["API_TOKEN"]}


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def sequential():
    import requests

    with requests.Session() as session:
        session.headers.update(headers)
        whitelabels = session.get(f"{route}/whitelabels").json()

        def fetch():
            connections = []
            for wl in whitelabels:
                connections.extend(session.get(f"{route}/connections", params={"whitelabel": wl["whitelabelid"]}).json())
            return connections

        return measured(len(whitelabels), fetch)


def threads():
    import threading
    from concurrent.futures import ThreadPoolExecutor, as_completed

    import requests

    local = threading.local()

    def session():
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.headers.update(headers)
        return local.session

    def one(wl):
        return session().get(f"{route}/connections", params={"whitelabel": wl["whitelabelid"]}).json()

    whitelabels = session().get(f"{route}/whitelabels").json()

    def fetch():
        connections = []
        with ThreadPoolExecutor(max_workers=8) as executor:
            for future in as_completed([executor.submit(one, wl) for wl in whitelabels]):
                connections.extend(future.result())
        return connections

    return measured(len(whitelabels), fetch)


def asynchronous():
    import httpx

    async def run():
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=8)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            whitelabels = (await client.get(f"{route}/whitelabels")).json()
            before, start = cpu(), time.perf_counter()
            todo, connections = iter(whitelabels), []

            async def worker():
                for wl in todo:
                    answer = await client.get(f"{route}/connections", params={"whitelabel": wl["whitelabelid"]})
                    connections.extend(answer.json())

            await asyncio.gather(*(worker() for _ in range(8)))
            return {"Wall": time.perf_counter() - start, "CPU": cpu() - before,
                    "Requests": len(whitelabels), "Rows": len(connections)}

    return asyncio.run(run())


def measured(requests, fetch):
    before, start = cpu(), time.perf_counter()
    connections = fetch()
    return {"Wall": time.perf_counter() - start, "CPU": cpu() - before, "Requests": requests, "Rows": len(connections)}


result = {"sequential": sequential, "threads": threads, "async": asynchronous}[form]()
result["PeakMB"] = peak_mb()
print(json.dumps(result))
