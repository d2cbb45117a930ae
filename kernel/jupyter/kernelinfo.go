package jupyter

import "locuslab/kernel/jupyter/wire"

// Info is what the kernel says of itself.
type Info struct {
	Implementation string // name of the kernel
	Version        string // of the kernel
	Banner         string // what a console shows at its start
	Language       Language
	Help           []Link
}

// Language describes the language of the cells to editors and converters.
type Language struct {
	Name           string `json:"name"`
	Version        string `json:"version"`
	MIME           string `json:"mimetype"`
	Extension      string `json:"file_extension"`
	PygmentsLexer  string `json:"pygments_lexer,omitempty"`
	CodeMirrorMode string `json:"codemirror_mode,omitempty"`
}

// Link is an entry of the front end's help menu.
type Link struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

type kernelInfo struct {
	Status                string   `json:"status"`
	Protocol              string   `json:"protocol_version"`
	Implementation        string   `json:"implementation"`
	ImplementationVersion string   `json:"implementation_version"`
	Language              Language `json:"language_info"`
	Banner                string   `json:"banner"`
	Debugger              bool     `json:"debugger"`
	Features              []string `json:"supported_features"`
	Help                  []Link   `json:"help_links"`
}

func (s *Server) kernelInfo() kernelInfo {
	help := s.info.Help
	if help == nil {
		help = []Link{}
	}
	features := []string{}
	_, debugger := s.handler.(VariableHandler)
	if debugger {
		features = append(features, "debugger")
	}
	return kernelInfo{
		Status: "ok", Debugger: debugger, Protocol: wire.Version,
		Implementation: s.info.Implementation, ImplementationVersion: s.info.Version,
		Language: s.info.Language, Banner: s.info.Banner, Features: features, Help: help,
	}
}
