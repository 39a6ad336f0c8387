//! Values of the API that are no plain text or number: words of our own vocabulary, times, free documents.

mod cause_code;
mod document;
mod time;
mod word;

pub(crate) use cause_code::CauseCode;
pub(crate) use document::Document;
pub(crate) use time::Time;
pub(crate) use word::Word;

/// What every value type of ours says of itself in the same way.
macro_rules! plain_value {
    () => {
        const IS_REQUIRED: bool = true;
        type RawValueType = Self;
        type RawElementValueType = Self;

        fn as_raw_value(&self) -> Option<&Self> {
            Some(self)
        }

        fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
            Box::new(std::iter::once(self))
        }
    };
}
pub(crate) use plain_value;
