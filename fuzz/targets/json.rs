//! The check `json`, given whatever libFuzzer comes upon.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::json(data));
