//! The example on unknown fates, run as a process that is killed between any two of its steps and during its request:
//! no order acts twice, and none is lost.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::server::{Received, Reply, Server, Then};
use super::{DEV_KEY, assert_holds_none, spec};

/// How NovaMed reacts to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// It acts, and answers.
    Answers,
    /// It acts, and the connection is cut.
    Cuts,
    /// It acts, and the answer never comes.
    IsSilent,
    /// It doesn't act, and its answer proves nothing.
    Fails,
    /// It doesn't act, and its answer proves that.
    Refuses,
}

/// NovaMed's view: how often the order of each patient acted, and how it reacts next.
struct Truth {
    acts: Mutex<BTreeMap<String, usize>>,
    mode: Mutex<Mode>,
}

impl Truth {
    fn answer(&self, request: &Received) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).expect("the body is JSON");
        let mode = *self.mode.lock().expect("no test panics in the lock");
        if matches!(mode, Mode::Answers | Mode::Cuts | Mode::IsSilent) {
            let patient = body["patient_id"].as_str().expect("an order has a patient").to_owned();
            *self.acts.lock().expect("no test panics in the lock").entry(patient).or_default() += 1;
        }
        match mode {
            Mode::Answers => Reply::json(200, spec::operation("createMedicationRequest").responses()["200"][0].value),
            Mode::Cuts => Reply::new("", Then::Cut),
            Mode::IsSilent => Reply::new("", Then::Silence),
            Mode::Fails => Reply::whole(502, &[], b"Bad Gateway"),
            Mode::Refuses => {
                Reply::json(400, &json!({"success": false, "error": {"message": "Made-up reason", "details": {}}}))
            }
        }
    }

    fn acts(&self, number: u64) -> usize {
        self.acts.lock().expect("no test panics in the lock").get(&patient(number)).copied().unwrap_or_default()
    }

    fn set(&self, mode: Mode) {
        *self.mode.lock().expect("no test panics in the lock") = mode;
    }
}

fn patient(number: u64) -> String {
    format!("00000000-0000-4000-8000-0000000b{number:04}")
}

/// The folders of one program, and the server that it talks to.
struct World {
    folder: PathBuf,
    url: String,
    truth: Arc<Truth>,
}

/// The result of a run.
struct Run {
    said: String,
    /// It was killed after the chosen step.
    killed: bool,
}

impl World {
    /// Creates the folders with these orders.
    fn new(url: &str, truth: &Arc<Truth>, numbers: &[u64]) -> Self {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let name = format!("unknown-fate-{}-{}", std::process::id(), WORLDS.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        for part in ["journal", "orders", "events"] {
            fs::create_dir_all(folder.join(part)).expect("the folder can be made");
        }
        let world = Self { folder, url: url.to_owned(), truth: Arc::clone(truth) };
        truth.acts.lock().expect("no test panics in the lock").clear();
        truth.set(Mode::Answers);
        for number in numbers {
            let mut order = spec::operation("createMedicationRequest").request("complete").value.clone();
            order["patient_id"] = patient(*number).into();
            world.write(&format!("orders/{number}.json"), &order.to_string());
            // Older orders of the same patients, and orders of others, must not be mistaken for these.
            world.event(1_000_000_000_000 + number, *number, "9");
        }
        world.event(now() + 3_600_000, 9999, "8");
        world.write("events/1.json", r#"{"event_name": "medication_order:later", "event_data": {}}"#);
        world.write("events/2.json", r#"{"event_name": "medica"#);
        world
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.folder.join(path), text).expect("the file can be written");
    }

    /// Adds an event with this arrival time, for an order of this patient.
    fn event(&self, received: u64, number: u64, order: &str) {
        let named = |example: &&Value| example["event_name"] == "medication_order:verified";
        let callbacks = spec::callbacks();
        let mut examples = callbacks.iter().flat_map(spec::Operation::requests).map(|it| it.value);
        let mut event = examples.find(named).expect("it has an example").clone();
        let request = spec::operation("createMedicationRequest").request("complete").value;
        for key in ["practitioner_id", "clinic_id"] {
            event["event_data"][key] = request[key].clone();
        }
        event["event_data"]["patient_id"] = patient(number).into();
        event["event_data"]["id"] = format!("00000000-0000-4000-8000-000{order}000d{number:04}").into();
        self.write(&format!("events/{received}.json"), &event.to_string());
    }

    fn start(&self, arguments: &[&str], stop: Option<u32>) -> Child {
        let mut command = Command::new(super::example("unknown_fate"));
        command.args(arguments).current_dir(&self.folder);
        command.env_remove("UNKNOWN_FATE_STOP").envs(stop.map(|stop| ("UNKNOWN_FATE_STOP", stop.to_string())));
        command.env("NOVAMED_ENVIRONMENT", "development").env("NOVAMED_API_KEY", DEV_KEY);
        command.env("NOVAMED_BASE_URL", &self.url);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the example can be run")
    }

    /// Runs the program, and kills it where it stops.
    fn perform(&self, arguments: &[&str], stop: Option<u32>) -> Run {
        let child = self.start(arguments, stop);
        self.watch(child, false)
    }

    fn watch(&self, mut child: Child, mut killed: bool) -> Run {
        let mut said = String::new();
        let lines = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
        for line in lines {
            let line = line.expect("it prints UTF-8");
            if line == "stopped" {
                child.kill().expect("it can be killed");
                killed = true;
                break;
            }
            said += &(line + "\n");
        }
        child.stderr.take().expect("it is a pipe").read_to_string(&mut said).expect("it prints UTF-8");
        let status = child.wait().expect("it ends");
        assert!(killed || status.success(), "it failed:\n{said}");
        self.assert_is_private(&said);
        Run { said, killed }
    }

    fn run(&self, stop: Option<u32>) -> Run {
        self.perform(&["run", "journal", "orders", "events"], stop)
    }

    fn settle(&self, number: u64, verdict: &str, stop: Option<u32>) -> Run {
        self.perform(&["settle", "journal", &number.to_string(), verdict], stop)
    }

    /// Fails if the output contains a patient, an order, a medication, a key or a host.
    fn assert_is_private(&self, said: &str) {
        let host = self.url.trim_start_matches("http://");
        assert_holds_none("what it said", said, &["0000000b", "000d", "KEYMARKER", "Examplestatin", "dose", host]);
    }

    /// Runs the program to its end, as an operator would. Each order that acted produces an event, and support answers
    /// truthfully about unknown fates. In the end every order has acted exactly once.
    fn reconcile(&self, numbers: &[u64], what: &str) {
        self.truth.set(Mode::Answers);
        let before: Vec<usize> = numbers.iter().map(|number| self.truth.acts(*number)).collect();
        for (number, acts) in numbers.iter().zip(&before) {
            assert!(*acts <= 1, "{what}: order {number} acted {acts} times");
            if *acts == 1 {
                self.event(now() + 60_000 + number, *number, "7");
            }
        }
        let said = self.run(None).said;
        assert!(said.contains("event 2: the delivery is not a JSON object"), "{what}: {said}");
        for (number, acts) in numbers.iter().zip(before) {
            let state = state(&said, *number);
            let first = state.lines().next().unwrap_or_default();
            match first {
                "settled" => assert_eq!(self.truth.acts(*number), 1, "{what}: order {number}"),
                "refused, NovaMed didn't act" => {
                    assert_eq!(acts, 0, "{what}: order {number}");
                    self.settle(*number, "not-acted", None);
                }
                "fate unknown, not sent again" => {
                    assert_eq!(self.truth.acts(*number), acts, "{what}: order {number} was sent again");
                    assert!(state.contains("support (api@nimbus-os.com)"), "{what}: {state}");
                    assert_eq!(acts == 1, names_event(&state, now()), "{what}: {state}");
                    if !state.contains("an unknown time") {
                        let older = format!("event {} ", 1_000_000_000_000 + number);
                        assert!(!state.contains(&older), "{what}: {state}");
                    }
                    self.settle(*number, if acts == 1 { "acted" } else { "not-acted" }, None);
                }
                other => panic!("{what}: order {number} ended as `{other}`:\n{said}"),
            }
        }
        let said = self.run(None).said;
        for number in numbers {
            assert_eq!(state(&said, *number).trim(), "settled", "{what}: order {number}");
            assert_eq!(self.truth.acts(*number), 1, "{what}: order {number}");
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Returns the last report about an order: the rest of its line, and the indented lines below.
fn state(said: &str, number: u64) -> String {
    let head = format!("order {number}: ");
    let start = said.rfind(&head).unwrap_or_else(|| panic!("order {number} is lost:\n{said}"));
    let mut lines = said[start + head.len()..].lines();
    let first = lines.next().unwrap_or_default().to_owned();
    lines.take_while(|line| line.starts_with("  ")).fold(first, |text, line| text + "\n" + line)
}

/// Returns whether the report lists an event from around this time.
fn names_event(state: &str, now: u64) -> bool {
    let events = state.lines().filter_map(|line| line.strip_prefix("  event ")?.split(' ').next()?.parse::<u64>().ok());
    events.into_iter().any(|received| received.abs_diff(now) < 600_000)
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right");
    u64::try_from(now.as_millis()).expect("the time is near")
}

/// Runs `act` with a truthful server, if a step of `cargo xtask ci` asks for it.
async fn beside_a_server(act: impl FnOnce(&str, &Arc<Truth>) + Send + 'static) {
    if crate::compile::is_skipped() {
        return;
    }
    let truth = Arc::new(Truth { acts: Mutex::default(), mode: Mutex::new(Mode::Answers) });
    let answering = Arc::clone(&truth);
    let server = Server::answering(move |request| answering.answer(request)).await;
    let url = server.url.clone();
    tokio::task::spawn_blocking(move || act(&url, &truth)).await.expect("the test passes");
}

/// Calls `act` for each step, until the program ends earlier.
fn at_each_step(mut act: impl FnMut(u32) -> bool) -> u32 {
    (1..1000).find(|stop| !act(*stop)).expect("the program ends") - 1
}

#[tokio::test]
async fn orders_that_nothing_disturbs_act_once() {
    beside_a_server(|url, truth| {
        let world = World::new(url, truth, &[17, 18]);
        let said = world.run(None).said;
        assert_eq!(said, "event 2: the delivery is not a JSON object\norder 17: settled\norder 18: settled\n");
        world.reconcile(&[17, 18], "undisturbed");
    })
    .await;
}

#[tokio::test]
async fn killed_between_any_two_steps_no_order_acts_twice_and_none_is_lost() {
    beside_a_server(|url, truth| {
        let steps = at_each_step(|stop| {
            let world = World::new(url, truth, &[17, 18]);
            let killed = world.run(Some(stop)).killed;
            world.reconcile(&[17, 18], &format!("killed after step {stop}"));
            killed
        });
        assert!(steps >= 18, "it was killed after {steps} steps only");
    })
    .await;
}

#[tokio::test]
async fn killed_twice_no_order_acts_twice_and_none_is_lost() {
    beside_a_server(|url, truth| {
        at_each_step(|first| {
            let mut killed = false;
            at_each_step(|second| {
                let world = World::new(url, truth, &[17]);
                killed = world.run(Some(first)).killed;
                let again = world.run(Some(second)).killed;
                world.reconcile(&[17], &format!("killed after step {first}, then after step {second}"));
                killed && again
            });
            killed
        });
    })
    .await;
}

#[tokio::test]
async fn whatever_the_answer_is_no_order_acts_twice_and_none_is_lost() {
    beside_a_server(|url, truth| {
        for mode in [Mode::Cuts, Mode::Fails, Mode::Refuses] {
            at_each_step(|stop| {
                let world = World::new(url, truth, &[17]);
                truth.set(mode);
                let killed = world.run(Some(stop)).killed;
                world.reconcile(&[17], &format!("{mode:?}, killed after step {stop}"));
                killed
            });
        }
    })
    .await;
}

#[tokio::test]
async fn killed_while_its_request_is_on_its_way_an_order_is_not_sent_again() {
    beside_a_server(|url, truth| {
        let world = World::new(url, truth, &[17, 18]);
        truth.set(Mode::IsSilent);
        let mut child = world.start(&["run", "journal", "orders", "events"], None);
        while truth.acts(17) == 0 {
            thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("it can be killed");
        world.watch(child, true);
        world.reconcile(&[17, 18], "killed on the way");
    })
    .await;
}

#[tokio::test]
async fn what_was_not_sent_is_sent_by_the_next_run() {
    beside_a_server(|url, truth| {
        let mut world = World::new(url, truth, &[17]);
        // Nobody listens on a port that was just released.
        let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there").local_addr();
        let there = std::mem::replace(&mut world.url, format!("http://{}", gone.expect("it has an address")));
        let said = world.run(None).said;
        assert_eq!(state(&said, 17), "not sent, the next run may send it", "{said}");
        world.url = there;
        let said = world.run(None).said;
        assert_eq!(state(&said, 17), "settled", "{said}");
        world.reconcile(&[17], "sent later");
    })
    .await;
}

#[tokio::test]
async fn of_two_processes_one_alone_sends_an_order() {
    beside_a_server(|url, truth| {
        let stops = at_each_step(|stop| {
            let world = World::new(url, truth, &[17]);
            let mut first = world.start(&["run", "journal", "orders", "events"], Some(stop));
            let mut said = String::new();
            let mut lines = BufReader::new(first.stdout.take().expect("it is a pipe"));
            while !said.contains("stopped") && lines.read_line(&mut said).expect("it prints UTF-8") > 0 {}
            world.run(None);
            // The first one continues, unaware of the second.
            drop(first.stdin.take());
            lines.read_to_string(&mut said).expect("it prints UTF-8");
            assert!(first.wait().expect("it ends").success(), "the first failed after step {stop}:\n{said}");
            world.reconcile(&[17], &format!("two processes, the first stopped after step {stop}"));
            said.contains("stopped")
        });
        assert!(stops >= 9, "it was stopped after {stops} steps only");
    })
    .await;
}

#[tokio::test]
async fn a_verdict_is_taken_as_a_whole_or_not_at_all() {
    beside_a_server(|url, truth| {
        at_each_step(|stop| {
            let world = World::new(url, truth, &[17]);
            truth.set(Mode::Fails);
            world.run(None);
            let killed = world.settle(17, "not-acted", Some(stop)).killed;
            assert_eq!(truth.acts(17), 0);
            world.reconcile(&[17], &format!("settling killed after step {stop}"));
            killed
        });
    })
    .await;
}
