"""People and their body points: targets, network, training and figures of the kind `person-pose`."""
