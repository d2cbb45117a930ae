package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func main() {
	settings := viper.New()
	settings.SetConfigType("yaml")
	fmt.Println(settings.ReadConfig(strings.NewReader("server:\n  port: 8080\n  names: [a, b]\nlevel: info\n")))
	root := &cobra.Command{Use: "tool", SilenceUsage: true, SilenceErrors: true}
	serve := &cobra.Command{Use: "serve NAME", Short: "serves", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		if args[0] == "bad" {
			return errors.New("no such name")
		}
		fmt.Println(args[0], settings.GetInt("server.port"), settings.GetStringSlice("server.names"), settings.GetString("level"))
		return nil
	}}
	serve.Flags().Int("port", 0, "where to listen")
	fmt.Println(settings.BindPFlag("server.port", serve.Flags().Lookup("port")))
	root.AddCommand(serve)
	root.SetOut(os.Stdout)
	for _, args := range [][]string{{"serve", "x"}, {"serve", "x", "--port", "99"}, {"serve"}, {"serve", "bad"}, {"other"}, {"help", "serve"}} {
		root.SetArgs(args)
		fmt.Println(root.Execute())
	}
	var out struct {
		Level  string
		Server struct{ Names []string }
	}
	fmt.Println(settings.Unmarshal(&out), out)
}
