"""The lessons of an introduction to deep learning, each a config, a measurement and a claim that is checked."""
