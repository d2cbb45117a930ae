package sparkserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// ErrNoJava is why there can be no server on a machine without Java 17 or newer.
var ErrNoJava = errors.New("no Java for Spark, which needs 17 or newer: on Debian and Ubuntu, `sudo apt-get install openjdk-17-jre-headless` installs it; JAVA_HOME names one that lies elsewhere")

const oldestJava = 17

// findJava returns the java command: that of JAVA_HOME, else the one on the path.
func findJava(ctx context.Context) (string, error) {
	java, err := "java", error(nil)
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	if java, err = exec.LookPath(java); err != nil {
		return "", fmt.Errorf("%w (%w)", ErrNoJava, err)
	}
	said, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w (%s -version: %w)", ErrNoJava, java, err)
	}
	version := javaVersion(string(said))
	if version < oldestJava {
		return "", fmt.Errorf("%w (%s is of version %d)", ErrNoJava, java, version)
	}
	return java, nil
}

var versionText = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// javaVersion returns the number that matters of what java -version says: 17 of "17.0.15", 8 of "1.8.0_402".
func javaVersion(said string) int {
	m := versionText.FindStringSubmatch(said)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // digits
	return n
}
