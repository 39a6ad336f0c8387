//! The one-time code that makes the first operator: good once, until its end.

use domain::audit::{Deed, Subject, SubjectKind};
use domain::code::CodePurpose;
use domain::{Act, Author, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseExecutor, EntityTrait, PaginatorTrait, QueryFilter};

use crate::StoreError;
use crate::admins::{NewAdmin, insert};
use crate::audit::Acted;
use crate::entity::one_time_code;
use crate::store::System;

const PURPOSE: &str = CodePurpose::Welcome.as_str();

impl System {
    /// Keeps a code; earlier ones are void.
    pub async fn replace_welcome_code(
        &self,
        digest: [u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
        author: &Author,
    ) -> Result<(), StoreError> {
        self.store
            .act(None, author, move |txn| {
                let txn: DatabaseExecutor<'_> = txn.into();
                let row = one_time_code::ActiveModel {
                    digest: Set(digest.to_vec()),
                    purpose: Set(PURPOSE.to_owned()),
                    created_at: Set(now.as_micros()),
                    expires_at: Set(expires_at.as_micros()),
                };
                Box::pin(async move {
                    let old = one_time_code::Entity::delete_many().filter(one_time_code::Column::Purpose.eq(PURPOSE));
                    old.exec(&txn).await?;
                    one_time_code::Entity::insert(row).exec_without_returning(&txn).await?;
                    Ok(Acted::new((), issued(expires_at)))
                })
            })
            .await
    }

    /// Whether a code could be used now.
    pub async fn welcome_code_is_good(&self, digest: [u8; 32], now: Timestamp) -> Result<bool, StoreError> {
        let find = one_time_code::Entity::find().filter(one_time_code::Column::Digest.eq(digest.to_vec()));
        let find = find.filter(one_time_code::Column::Purpose.eq(PURPOSE));
        let live = find.filter(one_time_code::Column::ExpiresAt.gt(now.as_micros()));
        Ok(live.count(&self.rows()).await? > 0)
    }

    /// Uses up a code and adds the person it was for, both or neither; `false` when the code is not good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody has the address; the code stays good then.
    pub async fn redeem_welcome_code(
        &self,
        digest: [u8; 32],
        now: Timestamp,
        new: NewAdmin,
        author: &Author,
    ) -> Result<bool, StoreError> {
        self.store
            .act(None, author, move |txn| {
                let (txn, new): (DatabaseExecutor<'_>, _) = (txn.into(), new.clone());
                Box::pin(async move {
                    let used = one_time_code::Entity::delete_many()
                        .filter(one_time_code::Column::Digest.eq(digest.to_vec()))
                        .filter(one_time_code::Column::Purpose.eq(PURPOSE))
                        .filter(one_time_code::Column::ExpiresAt.gt(now.as_micros()));
                    if used.exec(&txn).await?.rows_affected == 0 {
                        return Ok(Acted::nothing(false));
                    }
                    insert(&txn, &new).await?;
                    Ok(Acted { output: true, deeds: new.deeds() })
                })
            })
            .await
    }
}

fn issued(expires_at: Timestamp) -> Deed {
    Deed {
        tenant: None,
        act: Act::OperatorLinkIssued,
        subject: Subject { kind: SubjectKind::Service, id: None, name: None },
        before: None,
        after: Some(serde_json::json!({ "endsAt": expires_at.to_rfc3339() })),
    }
}
