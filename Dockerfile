# JupyterLab with the Go kernel, the lessons and the embedded LOCUS service:
#
#     docker build -t locuslab .
#     docker run --rm -it -p 127.0.0.1:8888:8888 locuslab
#
# and open the address that it prints. Building takes some minutes and needs the
# network; running needs none. To keep what you write, mount a folder of yours:
#     -v "$PWD/notebooks:/home/learner/locuslab/notebooks"

FROM golang:1.26-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev binutils python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 1000 --shell /bin/bash learner
USER learner
WORKDIR /home/learner/locuslab
ENV HOME=/home/learner GOPATH=/home/learner/go GOTOOLCHAIN=local

# Modules in a layer of their own: they change less often than the code.
COPY --chown=learner:learner go.mod go.sum ./
RUN go mod download

COPY --chown=learner:learner . .
RUN go build -o "$HOME/bin/locuslab" ./kernel
RUN "$HOME/bin/locuslab" lab --setup-only
# Runs a lesson once: the image works, and its first cell finds warm caches.
RUN LOCUS_SPEED=100 "$HOME/bin/locuslab" run -o /tmp/checked.ipynb notebooks/fetching-well.ipynb

EXPOSE 8888
# Within the container JupyterLab answers on all addresses; -p above publishes the port
# on the host's loopback alone. Its token stays in force.
ENTRYPOINT ["/home/learner/bin/locuslab", "lab", "--no-browser", "--ip", "0.0.0.0", "--port", "8888"]
