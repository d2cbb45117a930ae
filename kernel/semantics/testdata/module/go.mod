module example.org/lesson

go 1.26
