//! Random sequences of requests against the real door and a small model of what a directory is: both answer the same.
//! A failure names its seed.

mod dice;
mod directory;

use serde_json::{Value, json};
use store::on_both;

use crate::client::{Client, Service};
use dice::Dice;
use directory::{Directory, Group, Person};

const STEPS: usize = 30;
const NAMES: [&str; 5] = ["ada", "Bob", "cleo", "ADA", "Dan"];
const TITLES: [&str; 3] = ["Countess", "Engineer", ""];
const TEAMS: [&str; 3] = ["Staff", "Math", "staff"];
const UNKNOWN: &str = "01990000-0000-7000-8000-000000000001";

/// How many sequences are played; `PROPTEST_CASES` asks for more.
fn seeds() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

on_both! {
    async fn the_door_and_the_model_agree(on) {
        let service = Service::open(on).await;
        for seed in 0..seeds() {
            let idp = service.client(&format!("seed-{seed}")).await;
            let mut game = Game { idp, dice: Dice::new(seed), model: Directory::default(), story: Vec::new() };
            for _ in 0..STEPS {
                game.step().await;
            }
            game.compare(seed).await;
        }
    }
}

struct Game<'s> {
    idp: Client<'s>,
    dice: Dice,
    model: Directory,
    /// What was asked, for who looks at a failure.
    story: Vec<String>,
}

impl Game<'_> {
    async fn step(&mut self) {
        match self.dice.below(10) {
            0..=2 => self.create_person().await,
            3 | 4 => self.change_person().await,
            5 => self.replace_person().await,
            6 => self.delete().await,
            7 => self.create_group().await,
            _ => self.change_members().await,
        }
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<Value>, expected: u16) -> Value {
        self.story.push(format!("{method} {path} {}", body.clone().unwrap_or_default()));
        let answer = self.idp.send(method, path, body).await;
        assert_eq!(answer.status, expected, "{:#?}\n{}", self.story, answer.body);
        answer.body
    }

    async fn create_person(&mut self) {
        let (name, title) = (self.dice.one(&NAMES), self.dice.one(&TITLES));
        let active = [None, Some(true), Some(false)][self.dice.below(3)];
        let body = json!({ "userName": name, "title": title, "active": active });
        let taken = self.model.holder_of(name, None).is_some();
        let made = self.send("POST", "/Users", Some(body), if taken { 409 } else { 201 }).await;
        if !taken {
            let person = Person { name: name.to_owned(), title: title.to_owned(), active: active.unwrap_or(true), version: 1 };
            self.model.people.insert(made["id"].as_str().unwrap().to_owned(), person);
        }
    }

    async fn change_person(&mut self) {
        let Some(id) = self.dice.key(&self.model.people) else { return };
        let (name, title, active) = (self.dice.one(&NAMES), self.dice.one(&TITLES), self.dice.below(2) == 0);
        let operations = [
            json!({ "op": "replace", "path": "title", "value": title }),
            json!({ "op": "Add", "value": { "active": active, "title": title } }),
            json!({ "op": "replace", "path": "userName", "value": name }),
            json!({ "op": "remove", "path": "title" }),
        ];
        let which = self.dice.below(operations.len());
        let before = self.model.people[&id].clone();
        let after = match which {
            0 => Person { title: title.to_owned(), ..before.clone() },
            1 => Person { title: title.to_owned(), active, ..before.clone() },
            2 => Person { name: name.to_owned(), ..before.clone() },
            _ => Person { title: String::new(), ..before.clone() },
        };
        let body = json!({ "Operations": [operations[which]] });
        self.write_person("PATCH", &id, body, &before, after).await;
    }

    async fn replace_person(&mut self) {
        let Some(id) = self.dice.key(&self.model.people) else { return };
        let (name, title) = (self.dice.one(&NAMES), self.dice.one(&TITLES));
        let before = self.model.people[&id].clone();
        let after = Person { name: name.to_owned(), title: title.to_owned(), ..before.clone() };
        self.write_person("PUT", &id, json!({ "userName": name, "title": title }), &before, after).await;
    }

    async fn write_person(&mut self, method: &str, id: &str, body: Value, before: &Person, after: Person) {
        let taken = self.model.holder_of(&after.name, Some(id)).is_some();
        let answer = self.send(method, &format!("/Users/{id}"), Some(body), if taken { 409 } else { 200 }).await;
        if taken {
            return;
        }
        let version = before.version + u64::from(after != *before);
        assert_eq!(answer["meta"]["version"], format!("W/\"{version}\""), "{:#?}", self.story);
        self.model.people.insert(id.to_owned(), Person { version, ..after });
    }

    async fn delete(&mut self) {
        if self.dice.below(2) == 0 {
            let Some(id) = self.dice.key(&self.model.people) else { return };
            self.send("DELETE", &format!("/Users/{id}"), None, 204).await;
            self.model.remove_person(&id);
            self.send("GET", &format!("/Users/{id}"), None, 404).await;
        } else {
            let Some(id) = self.dice.key(&self.model.groups) else { return };
            self.send("DELETE", &format!("/Groups/{id}"), None, 204).await;
            self.model.groups.remove(&id);
            self.send(
                "PATCH",
                &format!("/Groups/{id}"),
                Some(json!({ "Operations": [{ "op": "remove", "path": "members" }] })),
                404,
            )
            .await;
        }
    }

    async fn create_group(&mut self) {
        let name = self.dice.one(&TEAMS);
        let members = self.members();
        let values: Vec<_> = members.iter().chain([&UNKNOWN.to_owned()]).map(|id| json!({ "value": id })).collect();
        let taken = self.model.group_named(name).is_some();
        let body = json!({ "displayName": name, "members": values });
        let made = self.send("POST", "/Groups", Some(body), if taken { 409 } else { 201 }).await;
        if !taken {
            let members = members.into_iter().collect();
            self.model
                .groups
                .insert(made["id"].as_str().unwrap().to_owned(), Group { name: name.to_owned(), members, version: 1 });
        }
    }

    async fn change_members(&mut self) {
        let Some(id) = self.dice.key(&self.model.groups) else { return };
        let named = self.members();
        let values: Vec<_> = named.iter().map(|id| json!({ "value": id })).collect();
        let mut after = self.model.groups[&id].clone();
        let operation = match self.dice.below(4) {
            0 => {
                after.members.extend(named);
                json!({ "op": "add", "path": "members", "value": values })
            }
            1 => {
                after.members.retain(|id| !named.contains(id));
                json!({ "op": "remove", "path": "members", "value": values })
            }
            2 => {
                after.members = named.into_iter().collect();
                json!({ "op": "replace", "path": "members", "value": values })
            }
            _ => {
                let gone = named.first().cloned().unwrap_or_else(|| UNKNOWN.to_owned());
                after.members.remove(&gone);
                json!({ "op": "remove", "path": format!("members[value eq \"{gone}\"]") })
            }
        };
        after.version += u64::from(after.members != self.model.groups[&id].members);
        let answer = self.send("PATCH", &format!("/Groups/{id}"), Some(json!({ "Operations": [operation] })), 200).await;
        assert_eq!(answer["meta"]["version"], format!("W/\"{}\"", after.version), "{:#?}", self.story);
        self.model.groups.insert(id, after);
    }

    /// Some people, each once.
    fn members(&mut self) -> Vec<String> {
        let ids: Vec<String> = self.model.people.keys().cloned().collect();
        ids.into_iter().filter(|_| self.dice.below(2) == 0).collect()
    }

    /// The whole directory, read through the door.
    async fn compare(&mut self, seed: u64) {
        let people = self.send("GET", "/Users?count=1000&sortBy=id", None, 200).await;
        let groups = self.send("GET", "/Groups?count=1000&sortBy=id", None, 200).await;
        assert_eq!(
            self.model.shown_people(),
            people["Resources"].as_array().unwrap().iter().map(directory::person).collect::<Vec<_>>(),
            "seed {seed}: {:#?}",
            self.story
        );
        assert_eq!(
            self.model.shown_groups(),
            groups["Resources"].as_array().unwrap().iter().map(directory::group).collect::<Vec<_>>(),
            "seed {seed}: {:#?}",
            self.story
        );
        let active = self.send("GET", "/Users?count=0&filter=active%20eq%20true", None, 200).await;
        assert_eq!(active["totalResults"], self.model.people.values().filter(|person| person.active).count(), "seed {seed}");
    }
}
