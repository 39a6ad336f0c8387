//! One line of text that people type, such as a name.

/// What is wrong with a text that should be one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALine {
    /// Nothing is left of it without the spaces around it.
    #[error("must not be empty")]
    Empty,
    /// It is longer than so many characters.
    #[error("has at most {0} characters")]
    Long(usize),
    /// It has characters that cannot be seen.
    #[error("must be one line of text")]
    Unseen,
}

/// The text without spaces around it: 1 to `most` characters, none that cannot be seen.
pub fn line(text: &str, most: usize) -> Result<&str, NotALine> {
    let text = text.trim();
    if text.is_empty() {
        Err(NotALine::Empty)
    } else if text.chars().count() > most {
        Err(NotALine::Long(most))
    } else if text.chars().any(char::is_control) {
        Err(NotALine::Unseen)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_and_held_to_its_length() {
        assert_eq!(line("  Zoë & Co ", 8), Ok("Zoë & Co"));
        assert_eq!(line("Zoë & Co.", 8), Err(NotALine::Long(8)));
        assert_eq!(line(" \t", 8), Err(NotALine::Empty));
        assert_eq!(line("a\nb", 8), Err(NotALine::Unseen));
    }
}
