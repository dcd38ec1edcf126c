"""Runs one trial: NETWORK RESULT SEED DIRECTED WEIGHTED."""

import random
import sys

import igraph

network, result, seed, directed, weighted = sys.argv[1:]
random.seed(int(seed))
if weighted == "yes":
    graph = igraph.Graph.Read_Ncol(network, names=True, weights=True, directed=directed == "yes")
    names, weights = graph.vs["name"], graph.es["weight"]
else:
    graph = igraph.Graph.Read_Edgelist(network, directed=directed == "yes")
    names, weights = range(graph.vcount()), None
labels = graph.community_infomap(edge_weights=weights, trials=1).membership
degrees = graph.degree()
with open(result, "w") as file:
    file.writelines(f"{name} {label + 1}\n" for name, label, degree in zip(names, labels, degrees) if degree)
