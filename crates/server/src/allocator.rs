//! The allocator of every program here: many small allocations on several threads are what a request consists of.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
