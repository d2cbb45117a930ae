package sparkserver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"locuslab/kernel/lab/python"
	"locuslab/kernel/process"
)

// Package is what holds Spark, pinned.
const Package = "pyspark==4.3.0"

// ShortLived is an environment variable by which Java compiles fast rather than well. A server that takes a few small
// queries, as those of tests do, then needs two thirds of the processor time.
const ShortLived = "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

// Options are how a server runs.
type Options struct {
	Workers int       // worker processes of a standalone cluster; 0 has the server compute on all cores by itself
	Memory  string    // of each process that computes, as Java has it: 2g
	Port    int       // 0 takes a free one
	Log     io.Writer // what is being done
	Env     []string  // added to the environment of its processes
}

// Server is a Spark Connect server that runs.
type Server struct {
	remote   string
	children []*process.Child // the one that all depend on first
	folder   *folder
}

// Remote is where the server is, with its token, as SPARK_REMOTE has it.
func (s *Server) Remote() string { return s.remote }

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.children[len(s.children)-1].Done() }

// Err is what the server ended with, once Done is closed.
func (s *Server) Err() error {
	if err := s.children[len(s.children)-1].Err(); err != nil {
		return err
	}
	return errors.New("nobody asked it to")
}

// Close ends the server and what belongs to it.
func (s *Server) Close() {
	for i := len(s.children) - 1; i >= 0; i-- {
		s.children[i].End(5 * time.Second)
	}
	s.folder.remove()
}

var memoryText = regexp.MustCompile(`^[1-9][0-9]{0,5}[mg]$`)

// Start starts a server and returns once it takes queries. The first time it downloads Spark, some 450 MB.
func Start(ctx context.Context, o Options) (*Server, error) {
	s, err := start(ctx, o)
	if err != nil {
		if s != nil {
			s.Close()
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("start a Spark server: %w", err)
	}
	return s, nil
}

func start(ctx context.Context, o Options) (*Server, error) {
	if o.Memory == "" {
		o.Memory = "2g"
	}
	if o.Workers < 0 || o.Workers > 64 || !memoryText.MatchString(o.Memory) {
		return nil, fmt.Errorf("%d workers with %q of memory: there are 0 to 64 workers, and memory is such as 2g or 700m", o.Workers, o.Memory)
	}
	java, err := findJava(ctx)
	if err != nil {
		return nil, err
	}
	interpreter, err := python.Environment(ctx, o.Log, Package)
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(interpreter)), "lib", "python3*", "site-packages", "pyspark"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("no Spark in %s: remove that folder and start again", filepath.Dir(filepath.Dir(interpreter)))
	}
	own, err := newFolder()
	if err != nil {
		return nil, err
	}
	s := &Server{folder: own}
	l := launcher{ctx: ctx, java: java, home: found[0], dir: own.path, token: rand.Text(), options: o}
	return s, l.startAll(s)
}

// launcher starts the processes of a server.
type launcher struct {
	ctx             context.Context
	java, home, dir string
	token           string
	options         Options
}

var (
	connectStarted = regexp.MustCompile(`Spark Connect server started at: \S*:(\d+)`)
	masterStarted  = regexp.MustCompile(`Starting Spark master at (spark://\S+)`)
	workerStarted  = regexp.MustCompile(`Successfully registered with master (\S+)`)
)

func (l *launcher) startAll(s *Server) error {
	if err := l.configure(); err != nil {
		return err
	}
	cores, master, driver := runtime.NumCPU(), "local[*]", l.options.Memory
	var workers []*program
	if l.options.Workers > 0 {
		fmt.Fprintf(l.options.Log, "starting Spark with %d worker processes…\n", l.options.Workers)
		p, err := l.start(s, masterStarted, "org.apache.spark.deploy.master.Master",
			"--host", loopback, "--port", "0", "--webui-port", "0", "--properties-file", l.properties())
		if err == nil {
			master, err = p.await(l.ctx)
		}
		if err != nil {
			return err
		}
		driver = "1g"
		each := max(1, cores/l.options.Workers)
		cores = each * l.options.Workers
		for i := range l.options.Workers {
			p, err := l.start(s, workerStarted, "org.apache.spark.deploy.worker.Worker",
				"--host", loopback, "--port", "0", "--webui-port", "0", "--properties-file", l.properties(),
				"--cores", fmt.Sprint(each), "--memory", l.options.Memory, "--work-dir", filepath.Join(l.dir, fmt.Sprint("worker", i)), master)
			if err != nil {
				return err
			}
			workers = append(workers, p)
		}
	} else {
		fmt.Fprintf(l.options.Log, "starting Spark on %d cores…\n", cores)
	}
	connect, err := l.start(s, connectStarted, "org.apache.spark.deploy.SparkSubmit",
		"--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--name", "locuslab",
		"--master", master, "--properties-file", l.properties(),
		"--driver-memory", driver, "--executor-memory", l.options.Memory,
		"--conf", fmt.Sprintf("spark.sql.shuffle.partitions=%d", 2*cores),
		"spark-internal")
	if err != nil {
		return err
	}
	for _, p := range workers {
		if _, err := p.await(l.ctx); err != nil {
			return err
		}
	}
	port, err := connect.await(l.ctx)
	s.remote = fmt.Sprintf("sc://%s:%s/;token=%s", loopback, port, l.token)
	return err
}

const loopback = "127.0.0.1"

func (l *launcher) properties() string { return filepath.Join(l.dir, "conf", "server.conf") }

// configure writes the settings into a file that only this user can read: one of them is a secret, which command lines show.
func (l *launcher) configure() error {
	settings := []string{
		"spark.driver.host " + loopback,
		"spark.driver.bindAddress " + loopback,
		"spark.ui.enabled false",
		"spark.authenticate true", // else whoever is on this machine could have the workers run what they like
		"spark.authenticate.secret " + rand.Text(),
		"spark.connect.grpc.binding.address " + loopback,
		fmt.Sprintf("spark.connect.grpc.binding.port %d", l.options.Port),
		"spark.connect.progress.reportInterval 500ms",
		"spark.local.dir " + filepath.Join(l.dir, "local"),
		"spark.sql.warehouse.dir file:" + filepath.Join(l.dir, "warehouse"),
		"spark.driver.extraJavaOptions -Djava.io.tmpdir=" + l.dir,
	}
	if err := os.MkdirAll(filepath.Dir(l.properties()), 0o700); err != nil {
		return err
	}
	return os.WriteFile(l.properties(), []byte(strings.Join(settings, "\n")+"\n"), 0o600)
}

// program is a class of Spark that runs in a process of its own.
type program struct {
	class string
	child *process.Child
	log   *watcher
}

// start starts a class of Spark, which is ready when its log says so.
func (l *launcher) start(s *Server, ready *regexp.Regexp, class string, args ...string) (*program, error) {
	cmd := exec.Command(filepath.Join(l.home, "bin", "spark-class"), append([]string{class}, args...)...)
	cmd.Dir = l.dir
	cmd.Env = l.environment()
	cmd.ExtraFiles = []*os.File{s.folder.lock} // it uses the folder even when this program has been killed
	p := &program{class: class, log: &watcher{ready: ready, found: make(chan string, 1)}}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	var err error
	if p.child, err = process.Start(cmd); err != nil {
		return nil, err
	}
	s.children = append(s.children, p.child)
	return p, nil
}

// await returns what the log says once the program is ready.
func (p *program) await(ctx context.Context) (string, error) {
	const patience = 5 * time.Minute
	select {
	case value := <-p.log.found:
		return value, nil
	case <-p.child.Done():
		return "", fmt.Errorf("%s ended at once; it said last:\n%s", p.class, p.log.last())
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(patience):
		return "", fmt.Errorf("%s is not ready after %v; it said last:\n%s", p.class, patience, p.log.last())
	}
}

// environment is this program's without what would set another Spark up.
func (l *launcher) environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "SPARK_") && !strings.HasPrefix(e, "PYSPARK_") && !strings.HasPrefix(e, "HADOOP_") && !strings.HasPrefix(e, "JAVA_HOME=") {
			env = append(env, e)
		}
	}
	env = append(env, "SPARK_HOME="+l.home, "SPARK_CONF_DIR="+filepath.Join(l.dir, "conf"), "SPARK_LOCAL_IP="+loopback,
		"SPARK_LOCAL_DIRS="+filepath.Join(l.dir, "local"), "SPARK_CONNECT_AUTHENTICATE_TOKEN="+l.token)
	if home, err := filepath.EvalSymlinks(l.java); err == nil {
		env = append(env, "JAVA_HOME="+filepath.Dir(filepath.Dir(home)))
	}
	return append(env, l.options.Env...)
}
