package main

import (
	"database/sql"
	"fmt"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", ":memory:")
	fmt.Println(err)
	_, err = db.Exec("create table t (x integer, y text); insert into t values (1, 'one'), (2, 'two')")
	fmt.Println(err)
	var n int
	var y string
	fmt.Println(db.QueryRow("select sum(x), max(y) from t").Scan(&n, &y), n, y)
	fmt.Println(db.Close())
}
