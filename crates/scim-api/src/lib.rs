//! The identity providers' door
