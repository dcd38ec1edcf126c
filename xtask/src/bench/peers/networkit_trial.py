"""Runs one trial on one thread: NETWORK RESULT SEED STRATEGY."""

import sys

import networkit

network, result, seed, strategy = sys.argv[1:]
networkit.setNumberOfThreads(1)
networkit.setSeed(int(seed), False)
graph = networkit.graphio.EdgeListReader(" ", 0, "#", True, False).read(network)
search = networkit.community.LouvainMapEquation(graph, True, 32, strategy)
search.run()
labels = search.getPartition().getVector()
with open(result, "w") as file:
    file.writelines(f"{node} {label + 1}\n" for node, label in enumerate(labels) if graph.degree(node))
