//! Signatures and time stamps over the record: made and verified by OpenSSH and OpenSSL, and by the program.

use crate::harness::{fineprint, fineprint_at, stderr, write_site};
use fineprint::anchor::{NAMESPACE, message, ssh, time_stamp};
use fineprint::source::Digest;
use std::path::Path;
use std::process::Command;

/// Runs a program in a folder and returns what it wrote.
fn sh(folder: &Path, script: &str) -> String {
    let output = Command::new("sh").args(["-ec", script]).current_dir(folder).output().expect("run sh");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{script}\n{said}{}", stderr(&output));
    said
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(
        i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().expect("a clock").as_secs()).expect("a time"),
    )
    .expect("an instant")
}

#[test]
fn signatures_of_openssh_are_verified_and_every_flipped_bit_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let digest = Digest::of(b"head");
    std::fs::write(at.join("message"), message(&digest)).expect("write");
    for kind in ["ed25519", "rsa -b 2048", "ecdsa -b 256", "ecdsa -b 384"] {
        sh(
            at,
            &format!(
                "rm -f key*; ssh-keygen -q -N '' -C '' -t {kind} -f key; rm -f message.sig; ssh-keygen -q -Y sign -f key -n {NAMESPACE} message"
            ),
        );
        let public = std::fs::read_to_string(at.join("key.pub")).expect("the public key");
        let signature = std::fs::read_to_string(at.join("message.sig")).expect("the signature");
        let allowed = |options: &str| format!("# keys\nana@acme.example {options}{public}");
        let verify = |allowed: &str, text: &str| ssh::verify(text, allowed, NAMESPACE, &message(&digest), now());
        let signer = verify(&allowed(""), &signature).expect("a good signature");
        assert_eq!(signer.name, "ana@acme.example");
        // The recipe says the same.
        std::fs::write(at.join("allowed"), allowed("")).expect("write");
        sh(
            at,
            &format!(
                "printf '%s\\n' {} | ssh-keygen -Y verify -f allowed -I ana@acme.example -n {NAMESPACE} -s message.sig",
                digest.hex()
            ),
        );
        let (begin, end) = (signature.find('\n').expect("lines") + 1, signature.rfind("\n-----END").expect("an end"));
        for place in (begin..end).step_by(7) {
            let mut bytes = signature.clone().into_bytes();
            bytes[place] ^= 1 << (place % 6);
            // Line breaks are not part of what is signed.
            if signature.as_bytes()[place] == b'\n' {
                continue;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(verify(&allowed(""), &text).is_err(), "{kind}: byte {place}");
        }
        for (options, said) in [
            ("valid-before=\"20200101\" ", "expired at"),
            ("valid-after=\"29990101Z\" ", "is valid from"),
            ("namespaces=\"git,file\" ", "is not allowed to sign for"),
            ("cert-authority ", "line 2 of the allowed signers cannot be read"),
        ] {
            let error = verify(&allowed(options), &signature).expect_err(said);
            assert!(error.contains(said), "{error}");
        }
        assert!(verify("", &signature).expect_err("nobody").contains("not among the allowed signers"));
        let other = ssh::verify(&signature, &allowed(""), NAMESPACE, &message(&Digest::of(b"other")), now());
        assert!(other.expect_err("another message").contains("did not sign this"));
        let error = ssh::verify(&signature, &allowed(""), "file", &message(&digest), now()).expect_err("another use");
        assert!(error.contains("not for `file`"), "{error}");
    }
}

/// An authority of the test's own: a root, a certificate for time stamps, and the configuration that `openssl ts` asks for.
fn authority(at: &Path, key: &str) {
    std::fs::write(
        at.join("tsa.cnf"),
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\nsigner_key = tsa.key\ncerts = root.pem\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n",
    )
    .expect("write");
    std::fs::write(
        at.join("tsa.ext"),
        "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n",
    )
    .expect("write");
    sh(
        at,
        &format!(
            "openssl req -x509 -newkey {key} -nodes -keyout root.key -out root.pem -days 30 -subj '/CN=Test root' 2>/dev/null
             openssl req -newkey {key} -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Test authority' 2>/dev/null
             openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -set_serial 7 -days 20 -extfile tsa.ext -out tsa.pem 2>/dev/null
             echo 01 > serial"
        ),
    );
}

#[test]
fn time_stamps_of_openssl_are_verified_and_every_flipped_bit_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let digest = Digest::of(b"head");
    for key in ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:prime256v1"] {
        authority(at, key);
        std::fs::write(at.join("request.tsq"), time_stamp::request(&digest).expect("a request")).expect("write");
        let said = sh(at, "openssl ts -query -in request.tsq -text");
        assert!(said.contains("sha256") && said.contains("Certificate required: yes"), "{said}");
        sh(at, "openssl ts -reply -config tsa.cnf -queryfile request.tsq -out answer.tsr 2>/dev/null");
        sh(at, &format!("openssl ts -verify -digest {} -in answer.tsr -CAfile root.pem 2>/dev/null", digest.hex()));
        let answer = std::fs::read(at.join("answer.tsr")).expect("the answer");
        let root = std::fs::read(at.join("root.pem")).expect("the root");
        let stamp = time_stamp::verify(&answer, &digest, &root).expect("a good time stamp");
        assert!(stamp.authority.contains("Test authority"), "{stamp:?}");
        assert!((stamp.at.as_second() - now().as_second()).abs() < 600, "{stamp:?}");
        let mut missed = Vec::new();
        for place in 0..answer.len() {
            let mut bytes = answer.clone();
            bytes[place] ^= 1 << (place % 8);
            if time_stamp::verify(&bytes, &digest, &root).is_ok_and(|found| found != stamp) {
                missed.push(place);
            }
        }
        assert_eq!(missed, Vec::<usize>::new(), "no changed answer tells another time");
        let error = time_stamp::verify(&answer, &Digest::of(b"other"), &root).expect_err("another digest");
        assert!(error.contains("over something else"), "{error}");
        sh(
            at,
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 30 -subj '/CN=Test root' 2>/dev/null",
        );
        let other = std::fs::read(at.join("other.pem")).expect("another root");
        let error = time_stamp::verify(&answer, &digest, &other).expect_err("another root of the same name");
        assert!(error.contains("no trusted certificate vouches"), "{error}");
        for end in [0, 1, answer.len() / 2, answer.len() - 1] {
            assert!(time_stamp::verify(&answer[..end], &digest, &root).is_err());
        }
        assert!(time_stamp::verify(&answer, &digest, b"nonsense").is_err());
    }
}

const SITE: &str = r#"-- content/privacy/policy.md --
+++
title = "Privacy policy"
+++

We keep little.
"#;

/// From the release to a stranger who verifies the site, and to whoever rewrites the record.
#[test]
fn a_rewritten_record_fails_against_every_anchor() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    write_site(at, SITE);
    let run = |clock: Option<&str>, arguments: &[&str], code: i32| {
        let output = match clock {
            Some(clock) => fineprint_at(at, clock, arguments),
            None => fineprint(at, arguments),
        };
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    };
    run(Some("2026-01-05 10:00"), &["release", "privacy"], 0);
    authority(at, "rsa:2048");
    sh(at, "ssh-keygen -q -N '' -C '' -t ed25519 -f key; printf 'ana@acme.example %s\\n' \"$(cat key.pub)\" > allowed");
    run(None, &["anchor", "sign", "--key", "key"], 0);
    run(None, &["anchor", "request", "--out", "request.tsq"], 0);
    sh(at, "openssl ts -reply -config tsa.cnf -queryfile request.tsq -out answer.tsr 2>/dev/null");
    run(None, &["anchor", "add", "answer.tsr", "--authorities", "root.pem"], 0);
    sh(at, "cp answer.tsr broken.tsr; printf 'x' >> broken.tsr");
    run(None, &["anchor", "add", "broken.tsr", "--authorities", "root.pem"], 2);
    run(None, &["build"], 0);
    let trust = ["--allowed-signers", "allowed", "--authorities", "root.pem"];
    let said = run(None, &[&["verify", "public"], &trust[..]].concat(), 0);
    assert!(said.contains("ana@acme.example signed entry 1") && said.contains("Test authority saw entry 1"), "{said}");
    let said = run(None, &["verify", "public"], 0);
    assert!(said.contains("Anchors that were not verified: 2"), "{said}");
    // A stranger has a browser, OpenSSL and ssh-keygen.
    sh(
        at,
        "head=$(jq -r .head public/api/v1/ledger.json)
         printf '%s\\n' $head | ssh-keygen -Y verify -f allowed -I ana@acme.example -n fineprint-record -s public/record/anchors/$head.sig
         openssl ts -verify -digest $head -in public/record/anchors/$head.tsr -CAfile root.pem 2>/dev/null
         test $(jq -j '.entries[-1].canonical' public/api/v1/ledger.json | sha256sum | cut -c 1-64) = $head",
    );
    // Everything is written anew, and the anchors stay.
    std::fs::remove_file(at.join("content/ledger.toml")).expect("remove");
    std::fs::remove_dir_all(at.join("content/privacy/versions")).expect("remove");
    std::fs::write(
        at.join("content/privacy/policy.md"),
        "+++\ntitle = \"Privacy policy\"\n+++\n\nWe keep everything.\n",
    )
    .expect("write");
    run(Some("2026-01-05 10:00"), &["release", "privacy"], 0);
    run(None, &["build", "--out", "forged"], 0);
    let said = run(None, &["verify", "forged", "--no-repository"], 1);
    assert!(said.contains(".sig: it anchors an entry that the record does not have"), "{said}");
    assert!(said.contains(".tsr: it anchors an entry that the record does not have"), "{said}");
    // Without them, nobody outside vouches for it.
    sh(at, "rm -r static");
    run(None, &["build", "--out", "bare"], 0);
    let said = run(None, &[&["verify", "bare", "--no-repository"], &trust[..]].concat(), 1);
    assert!(said.contains("no anchor is published"), "{said}");
    // Or with those of another entry under its name.
    sh(
        at,
        "head=$(jq -r .head bare/api/v1/ledger.json); mkdir -p static/record/anchors
         cp answer.tsr static/record/anchors/$head.tsr; cp public/record/anchors/*.sig static/record/anchors/$head.sig",
    );
    run(None, &["build", "--out", "borrowed"], 0);
    let said = run(None, &[&["verify", "borrowed", "--no-repository"], &trust[..]].concat(), 1);
    assert!(said.contains("did not sign this") && said.contains("over something else"), "{said}");
}
