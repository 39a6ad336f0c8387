//! From text to syntax tree, by recursive descent with bounded length, depth and number of terms.

use super::ast::{Filter, Literal, Op};
use crate::attribute::{is_name, same};
use crate::fault::{Fault, FaultKind};
use crate::path::AttributePath;
use crate::repair::short_text;

/// A reader over the rest of a filter's text.
pub(crate) struct Parser<'t> {
    whole: &'t str,
    rest: &'t str,
    terms: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    /// A text that is a filter and nothing else.
    pub(crate) fn whole(text: &'t str) -> Result<Filter, Fault> {
        let mut parser = Self::new(text)?;
        let filter = parser.disjunction()?;
        parser.blanks();
        if parser.rest.is_empty() {
            return Ok(filter);
        }
        Err(parser.fault(match parser.rest.chars().next() {
            Some(')') => "there is a ) without its (",
            Some(']') => "there is a ] without its [",
            _ => "expected and, or, or the end",
        }))
    }

    /// A filter that ends at `]`, and what follows it.
    pub(crate) fn bracketed(text: &'t str) -> Result<(Filter, &'t str), Fault> {
        let mut parser = Self::new(text)?;
        let filter = parser.disjunction()?;
        parser.closing(']')?;
        Ok((filter, parser.rest))
    }

    fn new(text: &'t str) -> Result<Self, Fault> {
        if text.len() > Filter::MAX_BYTES {
            let detail = format!("the filter is longer than {} bytes", Filter::MAX_BYTES);
            return Err(Fault::new(FaultKind::InvalidFilter, detail));
        }
        Ok(Self { whole: text, rest: text, terms: 0, depth: 0 })
    }

    fn disjunction(&mut self) -> Result<Filter, Fault> {
        let mut filter = self.conjunction()?;
        while self.word("or") {
            filter = filter.or(self.conjunction()?);
        }
        Ok(filter)
    }

    fn conjunction(&mut self) -> Result<Filter, Fault> {
        let mut filter = self.term()?;
        while self.word("and") {
            filter = filter.and(self.term()?);
        }
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, Fault> {
        self.blanks();
        if self.word("not") {
            return self.deeper(|parser| Ok(parser.negated()?.negated()));
        }
        if self.take('(') {
            return self.deeper(Self::group);
        }
        self.comparison()
    }

    fn negated(&mut self) -> Result<Filter, Fault> {
        self.blanks();
        if self.take('(') { self.group() } else { self.term() }
    }

    fn group(&mut self) -> Result<Filter, Fault> {
        let filter = self.disjunction()?;
        self.closing(')')?;
        Ok(filter)
    }

    fn comparison(&mut self) -> Result<Filter, Fault> {
        let path = self.path()?;
        self.blanks();
        if self.take('[') {
            return self.deeper(|parser| parser.element(path));
        }
        self.compared(path)
    }

    fn element(&mut self, path: AttributePath) -> Result<Filter, Fault> {
        let filter = self.disjunction()?;
        self.closing(']')?;
        // Entra: `emails[type eq "work"].value eq "x"` speaks of one and the same element.
        let filter = if self.take('.') {
            let sub = self.token();
            if !is_name(sub) {
                return Err(self.fault("expected the name of a sub-attribute after ]."));
            }
            filter.and(self.compared(AttributePath::of(sub))?)
        } else {
            filter
        };
        Ok(Filter::Element { path, filter: Box::new(filter) })
    }

    fn compared(&mut self, path: AttributePath) -> Result<Filter, Fault> {
        self.terms += 1;
        if self.terms > Filter::MAX_TERMS {
            return Err(self.fault(&format!("it has more than {} terms", Filter::MAX_TERMS)));
        }
        self.blanks();
        let before = self.rest;
        let name = self.token();
        if same(name, "pr") {
            return Ok(Filter::Present(path));
        }
        let Some(op) = Op::ALL.iter().find_map(|(op, known)| same(name, known).then_some(*op)) else {
            self.rest = before;
            return Err(self.fault(&match name {
                "" => format!("expected an operator after {path}"),
                name => format!("{} is no operator; there are eq, ne, co, sw, ew, gt, ge, lt, le and pr", short_text(name)),
            }));
        };
        let value = self.literal()?;
        Ok(Filter::Compare { path, op, value })
    }

    fn path(&mut self) -> Result<AttributePath, Fault> {
        let before = self.rest;
        let token = self.token();
        let path = if token.is_empty() { None } else { AttributePath::parse(token).ok() };
        path.ok_or_else(|| {
            self.rest = before;
            self.fault("expected an attribute's name")
        })
    }

    fn literal(&mut self) -> Result<Literal, Fault> {
        self.blanks();
        if self.rest.starts_with('"') {
            return self.text().map(Literal::Text);
        }
        let before = self.rest;
        let end = self.rest.find([' ', '\t', ')', ']', '(']).unwrap_or(self.rest.len());
        let word = self.advance(end);
        let value = match word {
            _ if same(word, "true") => Some(Literal::Boolean(true)),
            _ if same(word, "false") => Some(Literal::Boolean(false)),
            _ if same(word, "null") => Some(Literal::Null),
            _ => number(word),
        };
        value.ok_or_else(|| {
            self.rest = before;
            self.fault("expected a value: text stands in double quotes; numbers, true, false and null stand bare")
        })
    }

    fn text(&mut self) -> Result<String, Fault> {
        let mut escaped = false;
        let end = self.rest.bytes().enumerate().skip(1).find_map(|(at, byte)| match byte {
            _ if escaped => {
                escaped = false;
                None
            }
            b'\\' => {
                escaped = true;
                None
            }
            b'"' => Some(at),
            _ => None,
        });
        let Some(end) = end else { return Err(self.fault("the text has no closing double quote")) };
        let before = self.rest;
        let literal = self.advance(end + 1);
        match serde_json::from_str::<String>(literal) {
            Ok(text) if !text.contains('\0') => Ok(text),
            _ => {
                self.rest = before;
                Err(self.fault("the text is not in the form of a JSON string"))
            }
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > Filter::MAX_DEPTH {
            return Err(self.fault(&format!("it is nested deeper than {} levels", Filter::MAX_DEPTH)));
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Takes a keyword if it comes next, as a word of its own.
    fn word(&mut self, word: &str) -> bool {
        self.blanks();
        let Some((head, tail)) = self.rest.split_at_checked(word.len()) else { return false };
        let ends = tail.chars().next().is_none_or(|next| next == '(' || next == ' ' || next == '\t');
        let found = ends && same(head, word);
        if found {
            self.rest = tail;
        }
        found
    }

    fn token(&mut self) -> &'t str {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '$');
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        self.advance(end)
    }

    fn advance(&mut self, bytes: usize) -> &'t str {
        let (head, tail) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = tail;
        head
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn closing(&mut self, bracket: char) -> Result<(), Fault> {
        self.blanks();
        if self.take(bracket) { Ok(()) } else { Err(self.fault(&format!("expected {bracket}, and or or"))) }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn fault(&self, why: &str) -> Fault {
        let at = self.whole.len() - self.rest.len();
        let detail = format!(
            "the filter cannot be read at character {}: {why}",
            self.whole.get(..at).map_or(0, |read| read.chars().count()) + 1
        );
        Fault::new(FaultKind::InvalidFilter, detail)
    }
}

/// A number in the form of JSON.
fn number(word: &str) -> Option<Literal> {
    let value: serde_json::Number = serde_json::from_str(word).ok()?;
    if let Some(whole) = value.as_i64() {
        return Some(Literal::Integer(whole));
    }
    value.as_f64().filter(|number| number.is_finite()).map(Literal::Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_binds_tighter_than_and_and_and_tighter_than_or() {
        let text = r#"a pr or not (b pr) and c eq "x""#;
        let Filter::Or(parts) = Filter::parse(text).unwrap() else { panic!("no or") };
        assert!(matches!(parts.get(1), Some(Filter::And(inner)) if matches!(inner.first(), Some(Filter::Not(_)))));
    }

    #[test]
    fn words_are_read_in_any_case_and_printed_in_lower_case() {
        let filter = Filter::parse(r#"UserName EQ "a" AND NOT(x PR) Or emails[TYPE Eq "w" and (primary eq True)]"#).unwrap();
        let printed = r#"UserName eq "a" and not (x pr) or emails[TYPE eq "w" and primary eq true]"#;
        assert_eq!(filter.to_string(), printed);
        assert_eq!(Filter::parse(printed).unwrap(), filter);
    }

    #[test]
    fn a_comparison_after_a_value_filter_stays_in_the_element() {
        let one = Filter::parse(r#"emails[type eq "work"].value eq "x""#).unwrap();
        let other = Filter::parse(r#"emails[type eq "work" and value eq "x"]"#).unwrap();
        assert_eq!(one, other);
    }

    #[test]
    fn literals_are_those_of_json() {
        for (text, wanted) in [
            (r#""a\"b\u00e9\\""#, Literal::Text("a\"bé\\".to_owned())),
            ("-7", Literal::Integer(-7)),
            ("1.5e3", Literal::Decimal(1500.0)),
            ("FALSE", Literal::Boolean(false)),
            ("null", Literal::Null),
            ("18446744073709551615", Literal::Decimal(18_446_744_073_709_551_615.0)),
        ] {
            let Filter::Compare { value, .. } = Filter::parse(&format!("a eq {text}")).unwrap() else { panic!("{text}") };
            assert_eq!(value, wanted);
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in [
            "",
            " ",
            "userName",
            "userName eq",
            "userName zz \"a\"",
            "externalId eq jyoung",
            "userName eq 'a'",
            "a eq \"b",
            "a eq \"\\u0000\"",
            "(a pr",
            "a pr)",
            "a pr and",
            "a pr b pr",
            "emails[a pr",
            "emails[]",
            "not",
            "a eq \"b\" or",
            "a eq 01",
            "a[b pr].",
            "a eq \"x\"]",
            "é pr",
        ] {
            assert_eq!(Filter::parse(text).unwrap_err().kind(), FaultKind::InvalidFilter, "{text}");
        }
    }

    #[test]
    fn limits_hold_before_the_stack_does() {
        assert!(Filter::parse(&"(".repeat(8000)).is_err());
        assert!(Filter::parse(&"not ".repeat(2000)).is_err());
        assert!(Filter::parse(&"a[".repeat(4000)).is_err());
        assert!(Filter::parse(&vec!["a pr"; 257].join(" or ")).is_err());
        assert!(Filter::parse(&vec!["a pr"; 256].join(" or ")).is_ok());
        assert!(Filter::parse(&format!("a eq \"{}\"", "x".repeat(9000))).is_err());
        let nested = format!("{}a pr{}", "(".repeat(32), ")".repeat(32));
        assert!(Filter::parse(&nested).is_ok());
    }
}
