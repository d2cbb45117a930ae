"""Writes files as other programs write them, and beside each what it holds.

usage: files.py DIRECTORY

Every case is a file and a line of index.jsonl: the file's name, and either the columns it
holds (a list of names and a list of values for each) or what the error must say. Values are
null, "i5", "f" and hexadecimal, "btrue", "s" and text: kind and value, without loss."""

import datetime, decimal, json, math, os, sys, uuid
import duckdb, pandas, polars
import pyarrow as pa, pyarrow.feather, pyarrow.ipc, pyarrow.parquet as pq

out = sys.argv[1]
index = open(os.path.join(out, "index.jsonl"), "w")


def shown(v):
    if v is None:
        return None
    if isinstance(v, bool):
        return "b" + str(v).lower()
    if isinstance(v, int):
        return "i" + str(v)
    if isinstance(v, float):
        return "f" + v.hex()
    if isinstance(v, decimal.Decimal):
        return "f" + float(v).hex()
    if isinstance(v, bytes):
        return "s" + v.decode()
    if isinstance(v, (datetime.date, datetime.time, datetime.datetime)):
        return "t" + v.isoformat()
    return "s" + str(v)


def exact(values):  # decimals that are no floats which print back are text, a whole column
    if any(isinstance(v, decimal.Decimal) and decimal.Decimal(repr(float(v))) != v for v in values):
        return [None if v is None else format(v, "f") for v in values]
    return values


def holds(name, table, **more):
    columns = [exact(c.to_pylist() if hasattr(c, "to_pylist") else c) for c in table.columns]
    print(json.dumps({"file": name, "names": table.column_names, "columns": [[shown(v) for v in c] for c in columns], **more}), file=index)


def refuses(name, *says, **more):
    print(json.dumps({"file": name, "says": says, **more}), file=index)


def in_utc(table):  # which times of 96 bits are
    for i, f in enumerate(table.schema):
        if pa.types.is_timestamp(f.type):
            table = table.set_column(i, f.name, table[i].cast(pa.timestamp(f.type.unit, "UTC")))
    return table


def path(name):
    return os.path.join(out, name)


rows = 700


def some(f, every=4, shift=0):
    return [None if every and i % every == shift else f(i) for i in range(rows)]


def types():
    s = lambda i: ["", "K%d" % (i % 50), "ключ %d" % (i % 7), "日本", "a longer text than eight bytes %d" % i, '"', "x,y\n"][i % 7]
    special = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 0.1]
    small = lambda lo, hi: (lambda i: [lo, hi, 0, i % 100][i % 4])
    utc = datetime.timezone.utc
    yield "i8", pa.array(some(small(-128, 127)), pa.int8())
    yield "i16", pa.array(some(small(-2**15, 2**15 - 1)), pa.int16())
    yield "i32", pa.array(some(small(-2**31, 2**31 - 1), 5), pa.int32())
    yield "i64", pa.array(some(small(-2**63, 2**63 - 1), 3), pa.int64())
    yield "i64all", pa.array(some(lambda i: i * i, 0), pa.int64())
    yield "u8", pa.array(some(small(0, 255)), pa.uint8())
    yield "u16", pa.array(some(small(0, 65535)), pa.uint16())
    yield "u32", pa.array(some(small(0, 2**32 - 1), 5), pa.uint32())
    yield "u64", pa.array(some(small(0, 2**63 - 1), 5), pa.uint64())
    yield "f32", pa.array(some(lambda i: [0.5, 1e30, math.nan, -math.inf, i / 8][i % 5]), pa.float32())
    yield "f64", pa.array(some(lambda i: special[i % 8], 5), pa.float64())
    yield "f64all", pa.array(some(lambda i: i / 7, 0), pa.float64())
    yield "bool", pa.array(some(lambda i: i % 3 == 0, 5), pa.bool_())
    yield "boolall", pa.array(some(lambda i: i % 300 < 150, 0), pa.bool_())
    yield "str", pa.array(some(s, 9), pa.string())
    yield "strall", pa.array(some(s, 0), pa.string())
    yield "strdistinct", pa.array(some(lambda i: "row %d" % i, 0), pa.large_string())
    yield "bin", pa.array(some(lambda i: s(i).encode(), 9), pa.binary())
    yield "date", pa.array(some(lambda i: datetime.date(1969, 12, 1) + datetime.timedelta(days=i), 6), pa.date32())
    yield "ts_us", pa.array(some(lambda i: datetime.datetime(1969, 12, 31, 23, 0) + datetime.timedelta(seconds=i, microseconds=i), 6), pa.timestamp("us"))
    yield "ts_ms", pa.array(some(lambda i: datetime.datetime(2020, 2, 29) + datetime.timedelta(milliseconds=i), 6), pa.timestamp("ms"))
    yield "ts_utc", pa.array(some(lambda i: datetime.datetime(2020, 2, 29, tzinfo=utc) + datetime.timedelta(minutes=i), 6), pa.timestamp("us", "UTC"))
    yield "time", pa.array(some(lambda i: datetime.time(i % 24, i % 60, i % 60, i), 6), pa.time64("us"))
    yield "dec", pa.array(some(lambda i: decimal.Decimal(i - 1500) / 100, 6), pa.decimal128(10, 2))
    yield "dec9", pa.array(some(lambda i: decimal.Decimal(i - 1500) / 1000, 6), pa.decimal128(9, 3))
    yield "dec38", pa.array(some(lambda i: decimal.Decimal(10**30 + i) / 10, 6), pa.decimal128(38, 1))
    yield "dict", pa.array(some(lambda i: s(i % 40), 5), pa.string()).dictionary_encode()
    yield "none", pa.array([None] * rows, pa.string())
    yield "nothing", pa.nulls(rows)


everything = pa.table(dict(types()))
plain = everything.drop_columns(["dict"])


def parquet(name, table=everything, want=None, **options):
    pq.write_table(table, path(name + ".parquet"), **options)
    holds(name + ".parquet", table if want is None else want)


def parquet_of_pyarrow():
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        parquet("codec " + codec, compression=codec)
    for version in ["1.0", "2.4", "2.6"]:
        t = everything if version != "1.0" else everything.set_column(everything.column_names.index("u32"), "u32", everything["u32"].cast(pa.int64()))
        parquet("version " + version, everything, want=t, version=version)
    for page in ["1.0", "2.0"]:
        for dictionary in [True, False]:
            parquet(f"pages {page} {dictionary}", data_page_version=page, use_dictionary=dictionary, data_page_size=300, write_batch_size=64)
            parquet(f"plain pages {page} {dictionary}", data_page_version=page, use_dictionary=dictionary, compression="none", row_group_size=250)
            parquet(f"small groups {page} {dictionary}", everything.slice(0, 100), data_page_version=page, use_dictionary=dictionary, row_group_size=7)
    parquet("dictionary overflows", dictionary_pagesize_limit=100, data_page_size=500, write_batch_size=50)
    parquet("page index", write_page_index=True, write_page_checksum=True, data_page_size=500)
    parquet("int96", everything, use_deprecated_int96_timestamps=True, want=in_utc(everything))
    parquet("decimals as ints", store_decimal_as_integer=True)
    parquet("no arrow schema", store_schema=False, want=everything)
    encodings = {"DELTA_BINARY_PACKED": ["i32", "i64", "i64all"], "DELTA_LENGTH_BYTE_ARRAY": ["str", "strall", "strdistinct"], "DELTA_BYTE_ARRAY": ["str", "strall", "strdistinct"],
                 "BYTE_STREAM_SPLIT": ["f32", "f64", "f64all", "i32", "i64"], "PLAIN": everything.column_names, "RLE": ["bool", "boolall"]}
    for e, names in encodings.items():
        for page in ["1.0", "2.0"]:
            t = everything.select(names)
            if e == "PLAIN":
                t = t.drop_columns(["dict"])
            pq.write_table(t, path(f"{e} {page}.parquet"), use_dictionary=False, column_encoding={n: e for n in t.column_names if n != "nothing"}, data_page_version=page, data_page_size=400)
            holds(f"{e} {page}.parquet", t)
    required = pa.schema([pa.field(f.name, f.type, nullable=f.name not in ("i64all", "f64all", "strall", "boolall", "strdistinct")) for f in everything.schema])
    parquet("required", everything.cast(required))
    parquet("no rows", everything.slice(0, 0))
    parquet("one row", everything.slice(5, 1))
    parquet("constant", pa.table({"k": ["same"] * 100000, "v": [7] * 100000, "x": [0.5] * 100000, "n": pa.nulls(100000, pa.int64())}))
    parquet("long texts", pa.table({"k": ["x" * 3000000, "", "y" * 70000, None]}))
    parquet("odd names", pa.table({"": [1], "a.b": [2], "ключ": ["x"], " ": [1.5], "a\nb": [True]}))
    with pq.ParquetWriter(path("empty groups.parquet"), everything.schema) as w:
        for from_, n in [(0, 0), (0, 10), (10, 0), (10, 5), (15, 0)]:
            w.write_table(everything.slice(from_, n), row_group_size=max(n, 1))
    holds("empty groups.parquet", everything.slice(0, 15))
    with pq.ParquetWriter(path("no groups.parquet"), everything.schema):
        pass
    holds("no groups.parquet", everything.slice(0, 0))
    nested = pa.table({"k": ["a", "b"], "list": [[1], [2, 3]], "struct": [{"x": 1}, {"x": 2}], "map": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64()))})
    for name in ["list", "struct", "map"]:
        pq.write_table(nested.select(["k", name]), path(f"nested {name}.parquet"))
        refuses(f"nested {name}.parquet", name, "nested")
        holds(f"nested {name}.parquet", nested.select(["k"]), only=["k"])
    big = pa.table({"k": ["a"], "big": pa.array([2**64 - 1], pa.uint64())})
    pq.write_table(big, path("uint64 too large.parquet"))
    holds("uint64 too large.parquet", pa.table({"k": ["a"], "big": [str(2**64 - 1)]}))
    latin = pa.table({"k": ["a", "b"], "raw": pa.array([b"ok", b"caf\xe9"], pa.binary())})
    pq.write_table(latin, path("not text.parquet"))
    refuses("not text.parquet", '"raw"', "row 2", "UTF-8")
    pq.write_table(latin, path("not text delta.parquet"), use_dictionary=False, column_encoding={"raw": "DELTA_BYTE_ARRAY"})
    refuses("not text delta.parquet", '"raw"', "row 2", "UTF-8")
    parquet("half", pa.table({"h": pa.array([1.5, None, math.inf], pa.float16())}))
    pq.write_table(pa.table({"id": pa.array([b"abcd", None, b"wxyz"], pa.binary(4))}), path("fixed.parquet"))
    refuses("fixed.parquet", '"id"', "fixed_size_binary")
    try:
        parquet("uuid", pa.table({"id": pa.array([uuid.UUID(int=5).bytes], pa.uuid())}), want=pa.table({"id": [str(uuid.UUID(int=5))]}))
    except Exception as e:
        print("uuid", e)


def parquet_of_others():
    frame = polars.from_arrow(plain.drop_columns(["nothing", "dec38", "dec9"]))
    for codec in ["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        frame.write_parquet(path(f"polars {codec}.parquet"), compression=codec, row_group_size=300)
        holds(f"polars {codec}.parquet", plain.drop_columns(["nothing", "dec38", "dec9"]))
    frame.head(0).write_parquet(path("polars no rows.parquet"))
    holds("polars no rows.parquet", plain.drop_columns(["nothing", "dec38", "dec9"]).slice(0, 0))
    t = plain.drop_columns(["nothing", "f32"])
    con = duckdb.connect()
    con.register("t", t)
    for version in ["V1", "V2"]:
        for codec in ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"]:
            name = f"duckdb {version} {codec}.parquet"
            con.sql(f"copy t to '{path(name)}' (format parquet, parquet_version '{version}', compression {codec}, row_group_size 1024)")
            holds(name, t)
    con.sql(f"copy (select * from t where false) to '{path('duckdb no rows.parquet')}' (format parquet)")
    holds("duckdb no rows.parquet", t.slice(0, 0))
    con.sql(f"copy (select 170141183460469231731687303715884105727::hugeint big, 5::uhugeint ub, 'x'::varchar k, uuid '00000000-0000-0000-0000-000000000005' u, interval 3 days d, '{{\"a\":1}}'::json j, 'a'::enum('a','b') e) to '{path('duckdb odd.parquet')}' (format parquet)")
    holds("duckdb odd.parquet", pa.table({"big": [2.0**127], "ub": [5.0], "k": ["x"], "j": ['{"a":1}'], "e": ["a"]}), only=["big", "ub", "k", "j", "e"])
    holds("duckdb odd.parquet", pa.table({"u": ["00000000-0000-0000-0000-000000000005"]}), only=["u"])
    refuses("duckdb odd.parquet", '"d"', only=["d"])
    p = pandas.DataFrame({"k": pandas.Categorical(["a", "b", None, "a"]), "i": pandas.array([1, None, 3, 4], dtype="Int64"), "b": pandas.array([True, None, False, True], dtype="boolean"),
                          "s": ["x", None, "z", ""], "x": [1.5, math.nan, math.inf, 0], "t": pandas.to_datetime(["2020-01-01", None, "2020-01-03", "2020-01-04"])}, index=["p", "q", "r", "s"])
    p.to_parquet(path("pandas.parquet"))
    holds("pandas.parquet", pq.read_table(path("pandas.parquet")))
    p.reset_index(drop=True).to_feather(path("pandas.feather"))
    holds("pandas.feather", pyarrow.feather.read_table(path("pandas.feather")))


def ipc():
    more = {
        "view": pa.array(some(lambda i: "view %d of more than twelve bytes" % i, 5), pa.string_view()),
        "binview": pa.array(some(lambda i: b"v%d" % i, 5), pa.binary_view()),
        "lbin": pa.array(some(lambda i: b"v%d" % i, 5), pa.large_binary()),
        "f16": pa.array(some(lambda i: i / 2 if i < 300 else math.inf, 5), pa.float16()),
        "dec256": pa.array(some(lambda i: decimal.Decimal(i) / 8, 5), pa.decimal256(50, 3)),
        "ints": pa.array(some(lambda i: i % 9, 5), pa.int16()).dictionary_encode(),
        "d8": pa.DictionaryArray.from_arrays(pa.array(some(lambda i: i % 3, 5), pa.int8()), pa.array(["a", None, "c"])),
        "dtwice": pa.DictionaryArray.from_arrays(pa.array(some(lambda i: i % 3, 5), pa.int32()), pa.array(["a", "b", "a"])),
        "run": pa.RunEndEncodedArray.from_arrays(pa.array([10, 20, rows], pa.int32()), pa.array(["a", None, "c"])),
        "date64": pa.array(some(lambda i: datetime.date(2020, 1, 1), 5), pa.date64()),
    }
    t = everything
    for name, a in more.items():
        t = t.append_column(name, a)
    for codec in [None, "lz4", "zstd"]:
        for form, make in [("file", pa.ipc.new_file), ("stream", pa.ipc.new_stream)]:
            name = f"ipc {form} {codec}.arrow"
            with make(path(name), t.schema, options=pa.ipc.IpcWriteOptions(compression=codec, unify_dictionaries=form == "file")) as w:
                for from_ in range(0, rows, 300):
                    w.write_table(t.slice(from_, 300))
            holds(name, t)
    for form, make in [("file", pa.ipc.new_file), ("stream", pa.ipc.new_stream)]:
        with make(path(f"no batches {form}.arrow"), t.schema):
            pass
        holds(f"no batches {form}.arrow", t.slice(0, 0))
        with make(path(f"empty batches {form}.arrow"), plain.schema) as w:
            for from_, n in [(0, 0), (0, 10), (10, 0), (10, 5)]:
                w.write_batch(plain.slice(from_, n).to_batches()[0] if n else pa.RecordBatch.from_arrays([pa.array([], f.type) for f in plain.schema], schema=plain.schema))
        holds(f"empty batches {form}.arrow", plain.slice(0, 15))
    d = lambda v, words: pa.DictionaryArray.from_arrays(pa.array(v, pa.int32()), pa.array(words))
    batches = [d([0, 1, None], ["a", "b"]), d([0, 2, 1], ["a", "b", "c"]), d([3, 2], ["a", "b", "c", "d"])]
    schema = pa.schema([("k", batches[0].type)])
    for form, make in [("file", pa.ipc.new_file), ("stream", pa.ipc.new_stream)]:
        with make(path(f"deltas {form}.arrow"), schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as w:
            for b in batches:
                w.write_batch(pa.record_batch([b], schema=schema))
        holds(f"deltas {form}.arrow", pa.table({"k": sum([b.to_pylist() for b in batches], [])}))
    with pa.ipc.new_stream(path("replaced.arrow"), schema) as w:
        for b in [d([0, 1], ["a", "b"]), d([0, 1], ["x", "a"]), d([0, 0, None], ["z"])]:
            w.write_batch(pa.record_batch([b], schema=schema))
    holds("replaced.arrow", pa.table({"k": ["a", "b", "x", "a", "z", "z", None]}))
    for name, a in {"list": pa.array([[1]]), "struct": pa.array([{"x": 1}]), "union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])}.items():
        with pa.ipc.new_stream(path(f"ipc {name}.arrow"), pa.schema([("k", pa.int64()), (name, a.type)])) as w:
            w.write_batch(pa.record_batch([pa.array([1]), a], names=["k", name]))
        refuses(f"ipc {name}.arrow", f'"{name}"')
    raw = pa.array([b"ok", b"caf\xe9"])
    with pa.ipc.new_stream(path("ipc raw.arrow"), pa.schema([("raw", raw.type)])) as w:
        w.write_batch(pa.record_batch([raw], names=["raw"]))
    refuses("ipc raw.arrow", '"raw"', "row 2", "UTF-8")
    polars.from_arrow(plain.drop_columns(["nothing"])).write_ipc(path("polars.arrow"), compression="zstd")
    holds("polars.arrow", plain.drop_columns(["nothing"]))
    polars.from_arrow(plain.drop_columns(["nothing"])).write_ipc_stream(path("polars stream.arrow"))
    holds("polars stream.arrow", plain.drop_columns(["nothing"]))


parquet_of_pyarrow()
parquet_of_others()
ipc()
