//! The check `token`, given whatever libFuzzer comes upon.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::token(data));
