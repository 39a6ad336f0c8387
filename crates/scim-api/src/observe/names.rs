//! Whom a request is about, by every name it can be found by.

use scim::Resource;
use serde_json::Value;
use store::Waiting;

use super::{RequestRecord, SHORT, short};
use crate::failure::Failure;
use crate::{mentions, recognition};

/// Most names that a request is found by, but for what was refused of a bulk request.
pub(super) const MOST_NAMES: usize = 32;
/// The same of those who proved nothing.
const SHORT_OF_STRANGERS: usize = 128;
const NAMES_OF_STRANGERS: usize = 2;

/// What a person or group is called.
#[derive(Debug)]
pub(crate) struct Names {
    /// The best human name.
    best: Option<String>,
    /// Each name that it can be found by.
    all: Vec<String>,
    /// The name by which its IdP keeps knowing it, and how well.
    known_by: Option<(Lasting, String)>,
}

/// How long a name stays the same: an IdP that mends a taken userName sends another one of the same externalId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lasting {
    DisplayName,
    UserName,
    ExternalId,
}

impl Lasting {
    /// Of an attribute, its name in small letters.
    fn of(attribute: &str) -> Option<Self> {
        Some(match attribute {
            "externalid" => Self::ExternalId,
            "username" => Self::UserName,
            "displayname" => Self::DisplayName,
            _ => return None,
        })
    }
}

impl Names {
    pub(crate) fn of(resource: &Resource) -> Self {
        let best = resource.best_name();
        let single = [resource.user_name(), resource.external_id(), resource.display_name(), best.as_deref()];
        let all = single.into_iter().flatten().chain(resource.emails()).take(MOST_NAMES).map(str::to_owned).collect();
        let known_by = [
            (Lasting::ExternalId, resource.external_id()),
            (Lasting::UserName, resource.user_name()),
            (Lasting::DisplayName, resource.display_name()),
        ];
        let known_by = known_by.into_iter().find_map(|(lasting, name)| Some((lasting, name?.to_owned())));
        Self { best, all, known_by }
    }
}

impl RequestRecord {
    /// Notes the resource it is about, by every name it can be found by.
    pub(crate) fn about(&mut self, resource: &Resource) {
        self.called(Names::of(resource));
    }

    /// The same by its names.
    pub(crate) fn called(&mut self, names: Names) {
        names.all.iter().for_each(|name| self.looked_for(name));
        if let Some((lasting, name)) = names.known_by {
            self.known_by(lasting, &name);
        }
        if let Some(best) = names.best {
            self.resource_name = Some(short(&best));
        }
    }

    /// Notes a name by which the IdP knows whom it is about; the one that lasts longest stays.
    fn known_by(&mut self, lasting: Lasting, name: &str) {
        if !name.is_empty() && self.known_by.as_ref().is_none_or(|(known, _)| *known <= lasting) {
            self.known_by = Some((lasting, scim::comparison::key(name)));
        }
    }

    /// Every name noted since they were last taken, the one first by which the IdP knows whom it is about.
    pub(super) fn take_names(&mut self) -> Vec<String> {
        let mut names = std::mem::take(&mut self.identifiers);
        if let Some((_, known)) = self.known_by.take()
            && let Some(place) = names.iter().position(|name| *name == known)
        {
            let known = names.remove(place);
            names.insert(0, known);
        }
        names
    }

    /// Whether nobody came so far as to say whom it is about.
    pub(crate) fn is_nameless(&self) -> bool {
        self.identifiers.is_empty()
    }

    /// Notes the names in a body as it was sent, so that it is found by them although it may be refused.
    pub(crate) fn named_in(&mut self, body: &Value) {
        recognition::of_resource(body, &mut self.marks);
        for (attribute, value) in body.as_object().into_iter().flatten() {
            let attribute = attribute.to_ascii_lowercase();
            if let Some(lasting) = Lasting::of(&attribute) {
                let name = value.as_str().unwrap_or_default();
                self.named(name);
                self.known_by(lasting, name);
                continue;
            }
            match attribute.as_str() {
                "name" => self.looked_for(&human(value)),
                "emails" => {
                    for email in value.as_array().into_iter().flatten() {
                        self.looked_for(email.get("value").unwrap_or(email).as_str().unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
    }

    /// Notes a name of whom it is about.
    pub(crate) fn named(&mut self, name: &str) {
        self.looked_for(name);
        if !name.is_empty() {
            self.resource_name.get_or_insert_with(|| short(name));
        }
    }

    /// Notes whom a refused request is about, when nobody came so far as to say it.
    pub(crate) fn find_names(&mut self, uri: &http::Uri, failure: &Failure) {
        if self.credential.is_none() && matches!(failure, Failure::TooFast(_)) {
            return;
        }
        mentions::of_address(uri, self);
        if self.is_nameless()
            && let Some(sent) = self.sent.take()
        {
            mentions::of_body(sent.beginning(), self);
            self.sent = Some(sent);
        }
    }

    /// Notes what a look-up asked for.
    pub(crate) fn looked_for(&mut self, text: &str) {
        let key = scim::comparison::key(text);
        // A stranger's request costs the log little.
        let (longest, most) =
            if self.credential.is_some() { (SHORT, MOST_NAMES) } else { (SHORT_OF_STRANGERS, NAMES_OF_STRANGERS) };
        if !key.is_empty() && key.len() <= longest && !self.identifiers.contains(&key) && self.identifiers.len() < most {
            self.identifiers.push(key);
        }
    }

    /// Notes members it named that are not here yet; whoever asks for one of them finds the request.
    pub(crate) fn awaits(&mut self, waiting: &Waiting) {
        self.waiting += waiting.count;
        waiting.names.iter().for_each(|name| self.looked_for(name));
    }
}

/// A person's human name in a `name` as it was sent, made as [`Resource::best_name`] makes it.
fn human(name: &Value) -> String {
    if let Some(formatted) = part(name, "formatted") {
        return formatted.to_owned();
    }
    let parts: Vec<&str> = ["givenName", "familyName"].into_iter().filter_map(|wanted| part(name, wanted)).collect();
    parts.join(" ")
}

fn part<'n>(name: &'n Value, wanted: &str) -> Option<&'n str> {
    let (_, value) = name.as_object()?.iter().find(|(attribute, _)| attribute.eq_ignore_ascii_case(wanted))?;
    value.as_str().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_as_it_was_sent_is_the_one_that_rows_show() {
        for (sent, expected) in [
            (json!({ "formatted": "Ada King", "givenName": "Ada", "familyName": "Lovelace" }), "Ada King"),
            (json!({ "FAMILYNAME": "Lovelace", "givenname": "Ada" }), "Ada Lovelace"),
            (json!({ "formatted": " ", "familyName": "Lovelace" }), "Lovelace"),
            (json!({ "formatted": 1, "givenName": null }), ""),
            (json!("Ada"), ""),
        ] {
            assert_eq!(human(&sent), expected, "{sent}");
        }
    }
}
