"""Finds what includes each other in a graph of includes."""


def knots(edges):
    """Groups of two or more nodes each of which reaches all the others: Tarjan's strongly connected components.

    `edges` maps a node to the nodes it includes. Groups and their nodes are sorted.
    """
    index, low, open_nodes, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        open_nodes.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in open_nodes:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            begin = open_nodes.index(node)
            group = open_nodes[begin:]
            del open_nodes[begin:]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return sorted(found)
