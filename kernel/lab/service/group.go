package service

import "context"

// Group are the services of a folder.
type Group []*Service

// StartAll starts what the notebooks in a folder ask for, and returns once all of it
// is ready; see [Start].
func StartAll(ctx context.Context, dir string, runner ...string) (Group, error) {
	configs, err := ReadFolder(dir)
	if err != nil {
		return nil, err
	}
	var g Group
	for _, c := range configs {
		s, err := Start(ctx, c, runner...)
		if err != nil {
			g.Close()
			return nil, err
		}
		g = append(g, s)
	}
	return g, nil
}

// Env are the variables that the services provide.
func (g Group) Env() []string {
	var env []string
	for _, s := range g {
		env = append(env, s.Env()...)
	}
	return env
}

// Close ends the services, the last one first.
func (g Group) Close() {
	for i := len(g) - 1; i >= 0; i-- {
		g[i].Close()
	}
}
