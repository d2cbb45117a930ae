package main

import (
	"fmt"
	"os"

	"github.com/shirou/gopsutil/v4/disk"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/mem"
	"github.com/shirou/gopsutil/v4/process"
)

func main() {
	m, err := mem.VirtualMemory()
	fmt.Println(err, m.Total > 0)
	d, err := disk.Usage("/")
	fmt.Println(err, d.Total > 0)
	i, err := host.Info()
	fmt.Println(err, i.OS)
	p, err := process.NewProcess(int32(os.Getpid()))
	fmt.Println(err, p.Pid == int32(os.Getpid()))
	running, err := p.IsRunning()
	fmt.Println(running, err)
}
