//! Chance that can be had again, and the lengths of input.

/// The most bytes of an input.
pub const MOST: usize = 8 * 1024;

/// Chance that can be had again: SplitMix64.
pub struct Dice(u64);

impl Dice {
    /// The chance of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }

    /// One of some.
    pub fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// A length that is short as often as it is the longest.
    pub fn length(&mut self) -> usize {
        let most = [8, 64, 300, 2_000, MOST][self.below(5)];
        self.below(most) + 1
    }
}
