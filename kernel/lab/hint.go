package lab

import "os/exec"

// packages are the names of the same thing with different package managers.
type packages struct{ apt, dnf, pacman, apk, brew string }

// hint is the command that installs something on this machine.
func hint(p packages) string {
	for _, m := range []struct{ program, command, names string }{
		{"apt-get", "sudo apt-get install -y ", p.apt},
		{"dnf", "sudo dnf install -y ", p.dnf},
		{"pacman", "sudo pacman -S ", p.pacman},
		{"apk", "sudo apk add ", p.apk},
		{"brew", "brew install ", p.brew},
	} {
		if m.names == "" {
			continue
		}
		if _, err := exec.LookPath(m.program); err == nil {
			return "install it with: " + m.command + m.names
		}
	}
	return "install it with this system's package manager"
}
