//! Schemas of a tenant's own: registering, changing and dropping them.

use std::time::{Duration, Instant};

use domain::{ExtensionSchema, ResourceKind, Right, SchemaId, SchemaState};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use scim::{Attribute, Kind, Mutability, Returned, Schema, Uniqueness};
use store::{Preparing, TenantStore};

use crate::answer::{Created, Done, created};
use crate::auth::{Signed, Visit};
use crate::failure::{Failure, FieldError};
use crate::paging::Page;
use crate::service::Tag;
use crate::value::{Time, Word};

/// How long a call itself brings stored values into form; what is left is done behind it.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) struct Schemas;

/// A part of a complex attribute.
#[derive(Clone, Debug, Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct SubAttribute {
    /// Its name.
    name: String,
    /// Its data type.
    #[oai(rename = "type", default)]
    kind: Word<Kind>,
    /// What it is, for people.
    #[oai(default)]
    description: String,
    /// Whether text compares exactly.
    #[oai(default)]
    case_exact: bool,
    /// Suggested values; others are accepted too.
    #[oai(default)]
    canonical_values: Vec<String>,
    /// What a reference may point to.
    #[oai(default)]
    reference_types: Vec<String>,
}

/// An attribute, as RFC 7643 §7 defines one.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SchemaAttribute", rename_all = "camelCase", deny_unknown_fields)]
struct AttributeForm {
    /// Its name.
    name: String,
    /// Its data type; of each element where it is a list.
    #[oai(rename = "type", default)]
    kind: Word<Kind>,
    /// Whether it is a list.
    #[oai(default)]
    multi_valued: bool,
    /// What it is, for people.
    #[oai(default)]
    description: String,
    /// Whether a resource that has any value of the schema must have it.
    #[oai(default)]
    required: bool,
    /// Whether text compares exactly.
    #[oai(default)]
    case_exact: bool,
    /// Who may change it. `writeOnly` is refused: what nobody reads is not kept.
    #[oai(default)]
    mutability: Word<Mutability>,
    /// When it is in an answer. `never` is refused.
    #[oai(default)]
    returned: Word<Returned>,
    /// Whether no two resources of the tenant may have the same value.
    #[oai(default)]
    uniqueness: Word<Uniqueness>,
    /// Suggested values; others are accepted too.
    #[oai(default)]
    canonical_values: Vec<String>,
    /// What a reference may point to.
    #[oai(default)]
    reference_types: Vec<String>,
    /// The parts of a complex attribute.
    #[oai(default)]
    sub_attributes: Vec<SubAttribute>,
}

/// A schema to be registered.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewSchema {
    /// Its URN.
    urn: String,
    /// What it extends.
    resource_type: Word<ResourceKind>,
    /// Its name, for people.
    name: String,
    /// What it is, for people.
    #[oai(default)]
    description: String,
    /// Its attributes.
    attributes: Vec<AttributeForm>,
}

/// What a registered schema is to be.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct SchemaChange {
    /// Its name, for people.
    name: String,
    /// What it is, for people.
    #[oai(default)]
    description: String,
    /// All of its attributes.
    attributes: Vec<AttributeForm>,
}

/// A schema of the tenant's own.
#[derive(Debug, Object)]
#[oai(rename = "ExtensionSchema", rename_all = "camelCase")]
struct SchemaView {
    /// Its id in this API.
    id: String,
    /// Its URN.
    urn: String,
    /// What it extends.
    resource_type: Word<ResourceKind>,
    /// Its name, for people.
    name: String,
    /// What it is, for people.
    description: String,
    /// Its attributes.
    attributes: Vec<AttributeForm>,
    /// `preparing` while values stored before are made ready to be searched: filters on it are refused until then.
    state: Word<SchemaState>,
    /// Resources that were found to hold values that do not fit it.
    misfits: u64,
    /// When it was registered.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
}

#[OpenApi(tag = "Tag::Schemas")]
impl Schemas {
    /// The schemas of a tenant's own
    #[oai(path = "/tenants/:tenant/schemas", method = "get", operation_id = "listSchemas")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<SchemaView>>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        Ok(Json(Page::whole(visit.store.schemas().list().await?.into_iter().map(view).collect())))
    }

    /// Register a schema
    ///
    /// It is validated and published at once. Values that are stored under its URN already must fit it.
    #[oai(path = "/tenants/:tenant/schemas", method = "post", operation_id = "registerSchema")]
    async fn register(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewSchema>,
    ) -> Result<Created<SchemaView>, Failure> {
        let visit = caller.0.enter_to(Right::SchemasWrite, &tenant.0).await?;
        let NewSchema { urn, resource_type: Word(kind), name, description, attributes } = body.0;
        let schema = Schema { id: urn.trim().to_owned(), name, description, attributes: definitions(attributes) };
        check(&visit, kind, &schema).await?;
        let now = visit.shared.clock.now();
        let (id, state) = (SchemaId::generate(), SchemaState::Preparing);
        let made = ExtensionSchema { id, kind, schema, state, misfits: 0, created_at: now, updated_at: now };
        visit.store.schemas().insert(&made, &visit.author).await?;
        Ok(created(prepared(&visit.store, id).await?))
    }

    /// One schema of a tenant's own
    #[oai(path = "/tenants/:tenant/schemas/:schema", method = "get", operation_id = "getSchema")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Its id.
        schema: Path<String>,
    ) -> Result<Json<SchemaView>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        Ok(Json(view(found(&visit.store, &schema.0).await?)))
    }

    /// Give a schema another name or other attributes
    ///
    /// Values that are stored already must fit what it becomes: an attribute of which anybody has a value cannot be left
    /// out.
    #[oai(path = "/tenants/:tenant/schemas/:schema", method = "put", operation_id = "replaceSchema")]
    async fn replace(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Its id.
        schema: Path<String>,
        body: Json<SchemaChange>,
    ) -> Result<Json<SchemaView>, Failure> {
        let visit = caller.0.enter_to(Right::SchemasWrite, &tenant.0).await?;
        let known = found(&visit.store, &schema.0).await?;
        let SchemaChange { name, description, attributes } = body.0;
        let schema = Schema { id: known.schema.id.clone(), name, description, attributes: definitions(attributes) };
        check(&visit, known.kind, &schema).await?;
        let now = visit.shared.clock.now();
        if !visit.store.schemas().replace(known.id, &schema, now, &visit.author).await? {
            return Err(Failure::NotFound);
        }
        Ok(Json(prepared(&visit.store, known.id).await?))
    }

    /// Drop a schema
    ///
    /// Values stay as they are and are returned as those of a schema nobody registered; nobody checks or finds them.
    #[oai(path = "/tenants/:tenant/schemas/:schema", method = "delete", operation_id = "dropSchema")]
    async fn remove(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// Its id.
        schema: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::SchemasWrite, &tenant.0).await?;
        let known = found(&visit.store, &schema.0).await?;
        if visit.store.schemas().remove(known.id, &visit.author).await? { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

async fn found(store: &TenantStore, id: &str) -> Result<ExtensionSchema, Failure> {
    let id: SchemaId = id.parse().map_err(|_| Failure::NotFound)?;
    store.schemas().find(id).await?.ok_or(Failure::NotFound)
}

/// Whether a definition is sound, and what is stored fits it.
async fn check(visit: &Visit, kind: ResourceKind, schema: &Schema) -> Result<(), Failure> {
    let types = visit.store.schemas().resource_types().await?;
    let of = types.of(kind);
    schema.check_extension(of).map_err(|faults| {
        let error = |fault: scim::DefinitionFault| FieldError { field: of_form(fault.at), message: fault.message };
        Failure::Invalid(faults.into_iter().map(error).collect())
    })?;
    let extended = of.as_ref().clone().with_extension(schema.clone());
    let fit = visit.store.schemas().fit(kind, &schema.id, &extended).await?;
    if fit.misfits == 0 {
        return Ok(());
    }
    let examples = fit.examples.into_iter().map(|(id, message)| FieldError { field: id.to_string(), message });
    Err(Failure::Misfits { number: fit.misfits, examples: examples.collect() })
}

/// What a form calls the part of a definition.
fn of_form(at: String) -> String {
    if at == "id" { "urn".to_owned() } else { at }
}

/// The schema, with as much of its preparation done as fits into a call.
async fn prepared(store: &TenantStore, id: SchemaId) -> Result<SchemaView, Failure> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE && store.schemas().prepare_some(id).await? == Preparing::Goes {}
    Ok(view(store.schemas().find(id).await?.ok_or(Failure::NotFound)?))
}

fn definitions(forms: Vec<AttributeForm>) -> Vec<Attribute> {
    forms.into_iter().map(definition).collect()
}

fn definition(form: AttributeForm) -> Attribute {
    Attribute {
        name: form.name,
        description: form.description,
        kind: form.kind.0,
        multi_valued: form.multi_valued,
        required: form.required,
        case_exact: exact(form.kind.0, form.case_exact),
        mutability: form.mutability.0,
        returned: form.returned.0,
        uniqueness: form.uniqueness.0,
        canonical_values: form.canonical_values,
        reference_types: form.reference_types,
        sub_attributes: form.sub_attributes.into_iter().map(part).collect(),
    }
}

fn part(form: SubAttribute) -> Attribute {
    Attribute {
        name: form.name,
        description: form.description,
        kind: form.kind.0,
        multi_valued: false,
        required: false,
        case_exact: exact(form.kind.0, form.case_exact),
        mutability: Mutability::default(),
        returned: Returned::default(),
        uniqueness: Uniqueness::default(),
        canonical_values: form.canonical_values,
        reference_types: form.reference_types,
        sub_attributes: Vec::new(),
    }
}

/// References and bytes compare exactly whatever is said (RFC 7643 §2.3.6, §2.3.7).
fn exact(kind: Kind, asked: bool) -> bool {
    asked || matches!(kind, Kind::Reference | Kind::Binary)
}

fn view(extension: ExtensionSchema) -> SchemaView {
    let ExtensionSchema { id, kind, schema, state, misfits, created_at, updated_at } = extension;
    SchemaView {
        id: id.to_string(),
        urn: schema.id,
        resource_type: Word(kind),
        name: schema.name,
        description: schema.description,
        attributes: schema.attributes.into_iter().map(form).collect(),
        state: Word(state),
        misfits,
        created_at: Time(created_at),
        updated_at: Time(updated_at),
    }
}

fn form(attribute: Attribute) -> AttributeForm {
    let parts = attribute.sub_attributes.into_iter().map(|part| SubAttribute {
        name: part.name,
        kind: Word(part.kind),
        description: part.description,
        case_exact: part.case_exact,
        canonical_values: part.canonical_values,
        reference_types: part.reference_types,
    });
    AttributeForm {
        name: attribute.name,
        kind: Word(attribute.kind),
        multi_valued: attribute.multi_valued,
        description: attribute.description,
        required: attribute.required,
        case_exact: attribute.case_exact,
        mutability: Word(attribute.mutability),
        returned: Word(attribute.returned),
        uniqueness: Word(attribute.uniqueness),
        canonical_values: attribute.canonical_values,
        reference_types: attribute.reference_types,
        sub_attributes: parts.collect(),
    }
}
