"""Says what files of others hold, as Python's own readers and pyarrow see it.

usage: corpus.py FOLDER...

For each data file below the folders it writes a line of JSON: the file, and either its columns,
names and values, or why Python cannot read it. A value of a CSV file is its text; elsewhere it
is null, "i5", "f" and hexadecimal, "btrue", "s" and text, "j" and JSON."""

import csv, datetime, decimal, json, os, sys
import pyarrow as pa, pyarrow.feather, pyarrow.ipc, pyarrow.parquet as pq

csv.field_size_limit(1 << 30)


def shown(v):
    if v is None:
        return None
    if isinstance(v, bool):
        return "b" + str(v).lower()
    if isinstance(v, int):
        return "i" + str(v)
    if isinstance(v, (float, decimal.Decimal)):
        return "f" + float(v).hex()
    if isinstance(v, (dict, list)):
        return "j" + json.dumps(v)
    if isinstance(v, bytes):
        return "s" + v.decode()
    if isinstance(v, (datetime.date, datetime.time, datetime.datetime)):
        return "t" + v.isoformat()
    return "s" + str(v)


def of_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as f:
        rows = [r for r in csv.reader(f)]
    while rows and not rows[0]:
        rows.pop(0)
    if not rows:
        raise ValueError("no header")
    names = rows[0]
    rows = [r if r else [""] for r in rows[1:] if r or len(names) == 1]
    if any(len(r) != len(names) for r in rows):
        raise ValueError("ragged")
    return names, [[r[i] for r in rows] for i in range(len(names))]


def of_json(path):
    with open(path, encoding="utf-8-sig") as f:
        text = f.read()
    data = json.loads(text)
    rows = data if isinstance(data, list) else [data]
    names = list(dict.fromkeys(n for r in rows for n in r.keys()))
    return names, [[shown(r.get(n)) for r in rows] for n in names]


def of_arrow(table):
    return table.column_names, [[shown(v) for v in c.to_pylist()] for c in table.columns]


def of_ipc(path):
    try:
        return of_arrow(pa.ipc.open_file(path).read_all())
    except pa.ArrowInvalid:
        return of_arrow(pa.ipc.open_stream(path).read_all())


readers = {".csv": of_csv, ".json": of_json, ".parquet": lambda p: of_arrow(pq.ParquetFile(p).read()), ".feather": of_ipc, ".arrow": of_ipc}

for folder in sys.argv[1:]:
    for at, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(at, name)
            read = readers.get(os.path.splitext(name)[1])
            if not read or os.path.getsize(path) > 20 << 20:
                continue
            try:
                columns, values = read(path)
                print(json.dumps({"file": path, "names": columns, "columns": values}))
            except Exception as e:
                print(json.dumps({"file": path, "why": str(e)[:200]}))
