//! What a guide has seen of a connection being set up: one reading for the admin and for a link's holder.

use domain::{Cause, Confidence, Connection, Idp, Milestone, Recognition, SyncEventId, Timestamp};
use poem_openapi::{Enum, Object};
use store::{Passed, TenantStore};

use crate::failure::Failure;
use crate::sync_events::{self, CauseView};
use crate::value::{Time, Word};

/// Something that a guide waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum SetupCheckName {
    /// A request reached the tenant's address.
    Address,
    /// A request came with a credential of the connection.
    Credential,
    /// The requests are those of the IdP that the connection is for.
    Idp,
    /// The IdP looked for people or groups, as it does when its connection is tested.
    LookUp,
    /// The first person was made.
    Person,
    /// The first group was made.
    Group,
    /// A person or group was changed.
    Change,
    /// A person was deactivated or removed.
    Deactivation,
}

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum SetupCheckState {
    /// Nothing of it was seen.
    Waiting,
    /// It was seen.
    Done,
    /// Nothing speaks against it: this IdP's requests carry no mark that we know of.
    Fits,
    /// Something else was seen: another credential, or another IdP.
    Wrong,
}

/// One thing that a guide waits for.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SetupCheck {
    /// What.
    name: SetupCheckName,
    /// How it stands.
    state: SetupCheckState,
    /// When it was seen.
    at: Option<Time>,
    /// The request that showed it.
    event_id: Option<String>,
}

/// A request that came with what was not accepted as a credential.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SetupRefusal {
    /// When it came.
    at: Time,
    /// The request.
    event_id: String,
    /// Why it was refused; its `starts_with` is the beginning of what was sent, as far as it may be shown.
    cause: Option<CauseView>,
}

/// What a guide has seen.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SetupChecks {
    /// What counts was seen at this moment or later.
    since: Time,
    /// When this was read, by the service's clock.
    read_at: Time,
    /// What it waits for, in its order.
    checks: Vec<SetupCheck>,
    /// Which IdP the requests show to come from.
    seen_idp: Option<Word<Idp>>,
    /// How sure that is.
    seen_idp_confidence: Option<Word<Confidence>>,
    /// The last request that was refused for its credential, if none of the connection's was accepted after it.
    refusal: Option<SetupRefusal>,
    /// How the tokens begin that the connection accepts now.
    expected: Vec<String>,
}

/// Reads what was seen of a connection since a moment.
///
/// # Errors
/// What the store says.
pub(crate) async fn read(
    store: &TenantStore,
    connection: &Connection,
    since: Timestamp,
    now: Timestamp,
) -> Result<SetupChecks, Failure> {
    let seen = Seen { passed: store.sync_events().milestones(connection.id).await?, since };
    let credentials = store.credentials().list().await?.into_iter();
    let live = credentials.filter(|one| one.connection == connection.id && one.check(now).is_ok());
    let (accepted, refused) = (seen.of_connection(Milestone::Accepted), seen.refused());
    let seen_idp = seen.passed.iter().find(|one| one.milestone == Milestone::Recognised && one.last.0 >= since);
    let seen_idp = seen_idp.and_then(|one| one.recognition).filter(|seen| seen.confidence > Confidence::Guess);
    let refusal = refused.filter(|(at, _, _)| accepted.is_none_or(|_| seen.last_accepted() < Some(*at)));
    let checks = vec![
        check(SetupCheckName::Address, seen.anyhow(Milestone::Reached)),
        credential(accepted, refusal.as_ref()),
        idp(connection.idp, seen_idp, seen.of_connection(Milestone::Recognised), accepted),
        check(SetupCheckName::LookUp, seen.of_connection(Milestone::LookedUp)),
        check(SetupCheckName::Person, seen.of_connection(Milestone::PersonCreated)),
        check(SetupCheckName::Group, seen.of_connection(Milestone::GroupCreated)),
        check(SetupCheckName::Change, seen.of_connection(Milestone::Changed)),
        check(SetupCheckName::Deactivation, seen.of_connection(Milestone::Deactivated)),
    ];
    Ok(SetupChecks {
        since: Time(since),
        read_at: Time(now),
        checks,
        seen_idp: seen_idp.map(|seen| Word(seen.idp)),
        seen_idp_confidence: seen_idp.map(|seen| Word(seen.confidence)),
        refusal: refusal.map(|(at, event, cause)| SetupRefusal {
            at: Time(at),
            event_id: event.to_string(),
            cause: cause.as_ref().map(sync_events::cause),
        }),
        expected: live.map(|one| one.starts_with()).collect(),
    })
}

impl SetupChecks {
    /// Whether nothing has happened between two readings.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        Self { read_at: other.read_at, ..self.clone() } == *other
    }
}

type Moment = (Timestamp, SyncEventId);

struct Seen {
    passed: Vec<Passed>,
    since: Timestamp,
}

impl Seen {
    /// The first time that counts.
    fn of_connection(&self, milestone: Milestone) -> Option<Moment> {
        self.moments(milestone).filter(|(passed, _)| passed.of_connection).map(|(_, moment)| moment).min()
    }

    /// The same, also when it can be said of no connection.
    fn anyhow(&self, milestone: Milestone) -> Option<Moment> {
        self.moments(milestone).map(|(_, moment)| moment).min()
    }

    fn last_accepted(&self) -> Option<Timestamp> {
        let accepted = self.passed.iter().find(|one| one.milestone == Milestone::Accepted && one.of_connection);
        accepted.map(|one| one.last.0)
    }

    fn refused(&self) -> Option<(Timestamp, SyncEventId, Option<Cause>)> {
        let refused = self.passed.iter().filter(|one| one.milestone == Milestone::Refused && one.last.0 >= self.since);
        refused.max_by_key(|one| one.last.0).map(|one| (one.last.0, one.last.1, one.cause.clone()))
    }

    fn moments(&self, milestone: Milestone) -> impl Iterator<Item = (&Passed, Moment)> {
        let since = self.since;
        let counts = move |passed: &&Passed| passed.milestone == milestone && passed.last.0 >= since;
        self.passed.iter().filter(counts).map(move |passed| {
            let moment = if passed.first.0 >= since { passed.first } else { passed.last };
            (passed, moment)
        })
    }
}

fn check(name: SetupCheckName, moment: Option<Moment>) -> SetupCheck {
    let state = if moment.is_some() { SetupCheckState::Done } else { SetupCheckState::Waiting };
    stands(name, state, moment)
}

fn stands(name: SetupCheckName, state: SetupCheckState, moment: Option<Moment>) -> SetupCheck {
    SetupCheck { name, state, at: moment.map(|(at, _)| Time(at)), event_id: moment.map(|(_, event)| event.to_string()) }
}

fn credential(accepted: Option<Moment>, refusal: Option<&(Timestamp, SyncEventId, Option<Cause>)>) -> SetupCheck {
    match (accepted, refusal) {
        (None, Some((at, event, _))) => stands(SetupCheckName::Credential, SetupCheckState::Wrong, Some((*at, *event))),
        (accepted, _) => check(SetupCheckName::Credential, accepted),
    }
}

/// Entra and Okta name themselves; of the others no name is known, so that without a form of theirs nothing more can be
/// said than that no request names another. Only who named itself is wrong.
fn idp(meant: Idp, seen: Option<Recognition>, recognised: Option<Moment>, accepted: Option<Moment>) -> SetupCheck {
    let name = SetupCheckName::Idp;
    match seen {
        Some(seen) if seen.idp == meant => stands(name, SetupCheckState::Done, recognised),
        Some(seen) if seen.confidence == Confidence::Sure => stands(name, SetupCheckState::Wrong, recognised),
        _ if matches!(meant, Idp::Entra | Idp::Okta) => check(name, None),
        _ if accepted.is_some() => stands(name, SetupCheckState::Fits, accepted),
        _ => check(name, None),
    }
}
