//! Requests as lines of a file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use domain::{CredentialId, Outcome, ResourceKind, SyncEvent};
use poem_openapi::Enum;
use serde_json::json;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "ExportFormat", rename_all = "snake_case")]
pub(super) enum Form {
    /// One JSON object a line.
    Ndjson,
    /// For spreadsheets.
    Csv,
}

type Names = HashMap<CredentialId, String>;

/// The columns, which are the members of an object too.
const COLUMNS: [&str; 25] = [
    "id",
    "at",
    "outcome",
    "status",
    "scimType",
    "method",
    "path",
    "query",
    "operation",
    "sentence",
    "cause",
    "resourceType",
    "resourceId",
    "resourceName",
    "connectionId",
    "credentialId",
    "credentialName",
    "idp",
    "address",
    "userAgent",
    "durationMicros",
    "repairs",
    "firstChange",
    "lastChange",
    "requestId",
];

impl Form {
    /// What the file's name ends with.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// What the answer says that it is.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What stands before the first row.
    pub(super) fn head(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Ndjson => Ok(Vec::new()),
            Self::Csv => lines(Vec::new(), [COLUMNS.map(Cow::Borrowed)]),
        }
    }

    /// Appends the rows of some requests.
    pub(super) fn rows(self, mut out: Vec<u8>, events: &[SyncEvent], names: &Names) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv => lines(out, events.iter().map(|event| cells(event, names).map(defused))),
            Self::Ndjson => {
                for event in events {
                    serde_json::to_writer(&mut out, &object(event, names))?;
                    out.push(b'\n');
                }
                Ok(out)
            }
        }
    }
}

fn lines<'c>(out: Vec<u8>, rows: impl IntoIterator<Item = [Cow<'c, str>; COLUMNS.len()]>) -> io::Result<Vec<u8>> {
    // RFC 4180 §2 ends a line with CR LF.
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    for row in rows {
        writer.write_record(row.iter().map(|cell| cell.as_bytes())).map_err(io::Error::other)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.into_error()))
}

/// A cell that a spreadsheet takes for text, whatever stands in it.
fn defused(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}").into() } else { cell }
}

fn cells<'e>(event: &'e SyncEvent, names: &'e Names) -> [Cow<'e, str>; COLUMNS.len()] {
    let text = |text: Option<&'e str>| Cow::Borrowed(text.unwrap_or_default());
    let shown = |value: Option<String>| Cow::Owned(value.unwrap_or_default());
    [
        event.id.to_string().into(),
        event.at.to_rfc3339().into(),
        Outcome::of(event.status).as_str().into(),
        event.status.to_string().into(),
        text(event.scim_type.as_deref()),
        text(Some(&event.method)),
        text(Some(&event.path)),
        text(event.query.as_deref()),
        text(event.operation.as_deref()),
        text(Some(&event.sentence)),
        text(event.cause.as_ref().map(domain::Cause::code)),
        text(event.resource_kind.map(ResourceKind::as_str)),
        shown(event.resource_id.map(|id| id.to_string())),
        text(event.resource_name.as_deref()),
        shown(event.connection.map(|id| id.to_string())),
        shown(event.credential.map(|id| id.to_string())),
        text(event.credential.and_then(|id| names.get(&id)).map(String::as_str)),
        text(event.idp.map(domain::Idp::as_str)),
        text(Some(&event.address)),
        text(event.user_agent.as_deref()),
        event.duration_micros.to_string().into(),
        event.repairs.len().to_string().into(),
        shown(event.changes.map(|(first, _)| first.to_string())),
        shown(event.changes.map(|(_, last)| last.to_string())),
        text(Some(&event.request_id)),
    ]
}

/// The same as an object without what is absent; a cause comes with its parameters, and numbers are numbers.
fn object(event: &SyncEvent, names: &Names) -> serde_json::Map<String, serde_json::Value> {
    let cells = COLUMNS.into_iter().zip(cells(event, names)).filter(|(_, cell)| !cell.is_empty());
    let mut object: serde_json::Map<_, _> = cells.map(|(name, cell)| (name.to_owned(), cell.into_owned().into())).collect();
    for (name, number) in [
        ("status", Some(u64::from(event.status))),
        ("durationMicros", Some(event.duration_micros)),
        ("repairs", Some(event.repairs.len() as u64)),
        ("firstChange", event.changes.map(|(first, _)| first)),
        ("lastChange", event.changes.map(|(_, last)| last)),
    ] {
        if let Some(number) = number {
            object.insert(name.to_owned(), number.into());
        }
    }
    if let Some(cause) = &event.cause {
        let params: HashMap<_, _> = cause.params().into_iter().collect();
        object.insert("cause".to_owned(), json!({ "code": cause.code(), "params": params }));
    }
    object
}
