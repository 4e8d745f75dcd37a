"""Many small networks as one compiled program: the engine behind `dlrun sweep`. `docs/fused.md` explains the method."""
