//! Layers over a provider.
