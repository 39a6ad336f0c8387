//! Which IdP sends, and how sure that is: what a request shows of its sender, and what follows from it.
//!
//! A sender that names itself is sure. Everything else is a form that we know of one IdP alone: forms that the IdP has to
//! itself count two, forms that others may have by chance count one. The IdP with most is taken: at two or more with
//! nothing against it it is likely, otherwise a guess; when two have the same nobody is.

use serde::{Deserialize, Serialize};

use crate::Idp;

/// How sure it is which IdP sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Something speaks for it.
    Guess,
    /// It has forms that we know of this IdP alone, and none of another's.
    Likely,
    /// The sender names itself.
    Sure,
}

impl Confidence {
    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Sure => "sure",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Guess, Self::Likely, Self::Sure].into_iter().find(|confidence| confidence.as_str() == text)
    }
}

/// Which IdP sends, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognition {
    /// The IdP.
    pub idp: Idp,
    /// How sure that is.
    pub confidence: Confidence,
}

macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident: $idp:ident $weight:ident),+ $(,)?) => {
        /// Something in a request that speaks for an IdP. New ones come at the end: their order is kept in rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mark {
            $($(#[$doc])* $name),+
        }

        impl Mark {
            /// Every mark there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// For whom it speaks.
            pub const fn idp(self) -> Idp {
                match self { $(Self::$name => Idp::$idp),+ }
            }

            const fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight),+ }
            }
        }
    };
}

/// How much a mark says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The sender names itself.
    Name,
    /// A form that we know of this IdP alone.
    Own,
    /// A form that another client may have by chance.
    Chance,
}

marks! {
    /// The header `adscimversion`, or a User-Agent with the name.
    EntraNamed: Entra Name,
    /// A User-Agent with the name.
    OktaNamed: Okta Name,
    /// A User-Agent with the name.
    OneLoginNamed: OneLogin Name,
    /// A User-Agent with the name.
    JumpCloudNamed: JumpCloud Name,
    /// A User-Agent with the name of another client that syncs directories.
    OtherNamed: Other Name,
    /// A behaviour flag of Entra's in the query, as its admins write it into the tenant URL.
    EntraFlag: Entra Own,
    /// A group with the schema of Microsoft's synchronisation.
    EntraGroupSchema: Entra Own,
    /// Operations called `Add`, `Replace`, `Remove`.
    EntraOperations: Entra Own,
    /// A look-up that asks by id whether a manager or member is set, wanting the id alone.
    EntraReference: Entra Own,
    /// A look-up of a group by name without its members.
    EntraGroupLookUp: Entra Own,
    /// A manager as bare text.
    EntraManager: Entra Own,
    /// `"True"` or `"False"` for a boolean.
    EntraBoolean: Entra Chance,
    /// Dotted keys in a value without path.
    EntraKeys: Entra Chance,
    /// A group's id inside the value of a PATCH without path.
    OktaGroupId: Okta Own,
    /// An externalId in the form of Okta's ids of people.
    OktaPersonId: Okta Own,
    /// A look-up that asks for the first hundred.
    OktaPage: Okta Chance,
    /// The first two people, and no condition.
    OktaProbe: Okta Chance,
    /// A PATCH without path of `active` or a password alone.
    OktaPatch: Okta Chance,
    /// The header `Accept-Charset`.
    OktaCharset: Okta Chance,
    /// E-mail addresses, phone numbers or addresses that do not stand in a list.
    OneLoginSingle: OneLogin Own,
    /// A manager's id under its SCIM 1.1 name.
    OneLoginManager: OneLogin Own,
    /// Changes of members in the form of SCIM 1.1.
    OneLoginMembers: OneLogin Own,
    /// SCIM 1.1 URNs.
    OneLoginSchema: OneLogin Chance,
    /// A manager with a name beside the id, as in the template that OneLogin proposes.
    OneLoginTemplate: OneLogin Chance,
    /// An id that is null, as templates have it.
    OneLoginId: OneLogin Chance,
    /// The first person or group, and no condition.
    JumpCloudProbe: JumpCloud Chance,
    /// A `remove` in lower case that lists what is to go in its value.
    JumpCloudRemove: JumpCloud Chance,
}

/// What a request, or all requests of a connection, show of their sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(u32);

impl Marks {
    /// Those with which `idp` names itself.
    pub fn named(idp: Idp) -> Self {
        Self::ALL_NAMES.into_iter().filter(|mark| mark.idp() == idp).collect()
    }

    const ALL_NAMES: [Mark; 5] = [Mark::EntraNamed, Mark::OktaNamed, Mark::OneLoginNamed, Mark::JumpCloudNamed, Mark::OtherNamed];

    /// Adds one.
    pub fn note(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u32;
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `others` are among them.
    pub const fn hold(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// These with later ones. Of several senders that named themselves the last one stays, so that a connection that was
    /// given to another IdP becomes that IdP's; nobody who is sure becomes less so.
    #[must_use]
    pub fn and_later(self, later: Self) -> Self {
        let names: Self = Self::ALL_NAMES.into_iter().collect();
        let kept = if later.0 & names.0 == 0 { self.0 } else { self.0 & !names.0 };
        Self(kept | later.0)
    }

    /// These without what another client may have by chance.
    #[must_use]
    pub fn without_chance(self) -> Self {
        self.all().filter(|mark| mark.weight() != Weight::Chance).collect()
    }

    /// What they show.
    pub fn recognition(self) -> Option<Recognition> {
        if let Some(named) = self.all().find(|mark| mark.weight() == Weight::Name) {
            return Some(Recognition { idp: named.idp(), confidence: Confidence::Sure });
        }
        let mut found: Vec<(u32, Idp)> = Idp::ALL.into_iter().map(|idp| (self.points(idp), idp)).collect();
        found.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        let ((most, idp), (second, _)) = (*found.first()?, *found.get(1)?);
        match (most, second) {
            (most, second) if most == second => None,
            (2.., 0) => Some(Recognition { idp, confidence: Confidence::Likely }),
            _ => Some(Recognition { idp, confidence: Confidence::Guess }),
        }
    }

    fn points(self, idp: Idp) -> u32 {
        let of = self.all().filter(|mark| mark.idp() == idp);
        of.map(|mark| if mark.weight() == Weight::Own { 2 } else { 1 }).sum()
    }

    fn all(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.iter().copied().filter(move |mark| self.0 & (1 << *mark as u32) != 0)
    }
}

impl FromIterator<Mark> for Marks {
    fn from_iter<I: IntoIterator<Item = Mark>>(marks: I) -> Self {
        let mut all = Self::default();
        marks.into_iter().for_each(|mark| all.note(mark));
        all
    }
}

impl Recognition {
    /// What is told of a single request of a connection that is meant to be `meant`'s: a guess does not outweigh what an
    /// admin said.
    pub fn or_meant(this: Option<Self>, meant: Option<Idp>) -> (Option<Idp>, Option<Confidence>) {
        match (this, meant) {
            (Some(seen), Some(meant)) if seen.confidence == Confidence::Guess && seen.idp != meant && meant != Idp::Other => {
                (Some(meant), None)
            }
            (Some(seen), _) => (Some(seen.idp), Some(seen.confidence)),
            (None, meant) => (meant, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(marks: &[Mark]) -> Option<(Idp, Confidence)> {
        let marks: Marks = marks.iter().copied().collect();
        marks.recognition().map(|found| (found.idp, found.confidence))
    }

    #[test]
    fn who_names_itself_is_sure_whatever_its_requests_look_like() {
        for idp in Idp::ALL {
            let found = Marks::named(idp).recognition();
            assert_eq!(found, Some(Recognition { idp, confidence: Confidence::Sure }));
        }
        assert_eq!(shown(&[Mark::EntraOperations, Mark::OktaNamed]), Some((Idp::Okta, Confidence::Sure)));
    }

    #[test]
    fn a_form_of_its_own_or_two_by_chance_are_likely_and_less_is_a_guess() {
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&[Mark::EntraOperations]), Some((Idp::Entra, Confidence::Likely)));
        assert_eq!(shown(&[Mark::JumpCloudProbe]), Some((Idp::JumpCloud, Confidence::Guess)));
        assert_eq!(shown(&[Mark::JumpCloudProbe, Mark::JumpCloudRemove]), Some((Idp::JumpCloud, Confidence::Likely)));
    }

    #[test]
    fn what_speaks_for_two_is_a_guess_at_best() {
        assert_eq!(shown(&[Mark::EntraOperations, Mark::OktaPage]), Some((Idp::Entra, Confidence::Guess)));
        assert_eq!(shown(&[Mark::EntraBoolean, Mark::OktaPage]), None);
        assert_eq!(shown(&[Mark::OneLoginSingle, Mark::EntraManager]), None);
    }

    #[test]
    fn a_connection_that_is_sure_stays_so_and_the_last_one_who_named_itself_counts() {
        let okta = Marks::named(Idp::Okta);
        let later = okta.and_later([Mark::EntraOperations, Mark::EntraFlag].into_iter().collect());
        assert_eq!(later.recognition().map(|found| (found.idp, found.confidence)), Some((Idp::Okta, Confidence::Sure)));
        let moved = later.and_later(Marks::named(Idp::Entra));
        assert_eq!(moved.recognition().map(|found| (found.idp, found.confidence)), Some((Idp::Entra, Confidence::Sure)));
    }

    #[test]
    fn a_guess_does_not_outweigh_what_was_said() {
        let guess = Some(Recognition { idp: Idp::Okta, confidence: Confidence::Guess });
        assert_eq!(Recognition::or_meant(guess, Some(Idp::OneLogin)), (Some(Idp::OneLogin), None));
        assert_eq!(Recognition::or_meant(guess, Some(Idp::Other)), (Some(Idp::Okta), Some(Confidence::Guess)));
        let likely = Some(Recognition { idp: Idp::Okta, confidence: Confidence::Likely });
        assert_eq!(Recognition::or_meant(likely, Some(Idp::OneLogin)), (Some(Idp::Okta), Some(Confidence::Likely)));
        assert_eq!(Recognition::or_meant(None, Some(Idp::Entra)), (Some(Idp::Entra), None));
    }

    #[test]
    fn marks_fit_their_row() {
        assert!(Mark::ALL.len() <= 31);
        let all: Marks = Mark::ALL.iter().copied().collect();
        let read: Marks = serde_json::from_value(serde_json::to_value(all).unwrap()).unwrap();
        assert_eq!(read, all);
        for word in ["guess", "likely", "sure"] {
            assert_eq!(Confidence::parse(word).map(Confidence::as_str), Some(word));
        }
    }
}
