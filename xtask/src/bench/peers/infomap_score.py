"""Prints the codelength of given modules as computed by Infomap: NETWORK MODULES [OPTIONS...]."""

import sys

import infomap

network, modules, *options = sys.argv[1:]
search = infomap.Infomap(" ".join([f"--no-infomap --silent -c {modules}", *options]))
search.read_file(network)
search.run()
print(repr(search.codelength))
