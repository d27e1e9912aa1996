// Node doing nothing: what every Node program costs.
