//! How many requests a second one tenant may send, as it is shown and set.

use std::num::NonZeroU32;

use domain::Ceiling;
use poem_openapi::{Enum, Object};

use crate::form::Form;

/// Whose ceiling holds for a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum CeilingRule {
    /// That of the service's configuration, which is the same for all tenants.
    General,
    /// None, whatever holds for the others.
    None,
    /// One of its own.
    Own,
}

/// How many requests a second a tenant may send to a node.
#[derive(Debug, Object)]
#[oai(rename = "RequestCeiling", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct CeilingView {
    /// Whose ceiling holds.
    rule: CeilingRule,
    /// The ceiling in force, in requests a second; absent when there is none.
    requests_per_second: Option<u32>,
    /// That of the service's configuration; absent when it has none.
    general: Option<u32>,
}

/// How many requests a second a tenant is to be allowed on a node.
#[derive(Debug, Object)]
#[oai(rename = "RequestCeilingChange", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CeilingChange {
    /// Whose ceiling is to hold.
    rule: CeilingRule,
    /// With `own`: requests a second, 1 to 100,000.
    requests_per_second: Option<u32>,
}

impl CeilingView {
    /// `general` is the ceiling of the service's configuration.
    pub(crate) fn of(ceiling: Ceiling, general: Option<NonZeroU32>) -> Self {
        let rule = match ceiling {
            Ceiling::General => CeilingRule::General,
            Ceiling::Lifted => CeilingRule::None,
            Ceiling::Own(_) => CeilingRule::Own,
        };
        let in_force = ceiling.in_force(general);
        Self { rule, requests_per_second: in_force.map(NonZeroU32::get), general: general.map(NonZeroU32::get) }
    }
}

impl CeilingChange {
    /// The ceiling that is meant; what is wrong with it goes into the form.
    pub(crate) fn read(&self, form: &mut Form) -> Option<Ceiling> {
        const FIELD: &str = "ceiling.requestsPerSecond";
        match (self.rule, self.requests_per_second) {
            (CeilingRule::General, None) => Some(Ceiling::General),
            (CeilingRule::None, None) => Some(Ceiling::Lifted),
            (CeilingRule::Own, Some(limit)) => match Ceiling::own(limit) {
                Ok(ceiling) => Some(ceiling),
                Err(_) => refuse(form, FIELD, "must be 1 to 100000"),
            },
            (CeilingRule::Own, None) => refuse(form, FIELD, "is needed with the rule own"),
            (_, Some(_)) => refuse(form, FIELD, "belongs to the rule own only"),
        }
    }
}

fn refuse(form: &mut Form, field: &'static str, why: &str) -> Option<Ceiling> {
    form.wrong(field, why);
    None
}
