package main

import (
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

func main() {
	dir, err := os.MkdirTemp("", "bbolt")
	fmt.Println(err)
	defer os.RemoveAll(dir)
	db, err := bbolt.Open(filepath.Join(dir, "db"), 0o600, nil)
	fmt.Println(err)
	fmt.Println(db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("b"))
		if err != nil {
			return err
		}
		return b.Put([]byte("k"), []byte("v"))
	}))
	fmt.Println(db.View(func(tx *bbolt.Tx) error {
		fmt.Println(string(tx.Bucket([]byte("b")).Get([]byte("k"))))
		return nil
	}))
	fmt.Println(db.Close())
}
