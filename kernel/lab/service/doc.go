// Package service runs the programs that a folder of notebooks wants beside it, such
// as the server that its lessons talk to. The folder names them in a file
// services.json:
//
//	{
//	 "services": [
//	  {
//	   "name": "LOCUS service",
//	   "command": ["go", "run", "../locuskit/locusd", "--until-eof"],
//	   "provides": ["LOCUS_URL", "API_TOKEN"]
//	  }
//	 ]
//	}
//
// The command runs in the file's folder. On its standard output it prints a line
// `export NAME=VALUE` for each variable that it provides, which the notebooks then
// have, and it is ready with the last of them. The first variable says where the
// service is; where the user has set it already, the service is the user's own and
// none is started. What the command prints on standard error the user sees.
//
// A service ends when its standard input does, which is when the program that wanted
// it ends, however that ends; one that keeps running is terminated.
//
// The package knows nothing of what a service does.
package service
