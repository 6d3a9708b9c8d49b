"""The intermediate representation: nodes, graphs, passes over them, and the code made from them."""
