//! Cached replies on disk: the files are private, and several programs can share a directory and remove expired replies
//! from it.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use agno::Message;
use agno::model::layer::{CacheKey, CacheStore, DiskCache};
use agno::model::{Reply, Request, ScriptedModel};

use crate::cache::TempDir;

async fn store(disk: &DiskCache, text: &str) -> CacheKey {
    let messages = [Message::user(text)];
    let key = CacheKey::new(&ScriptedModel::new(), &Request::new(&messages));
    disk.put(&key, Reply::text(text).into(), Some(Duration::from_secs(3600)))
        .await;
    key
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_cached_replies() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let directory = TempDir::new("private");
    let inner = directory.0.join("inner");
    let disk = DiskCache::new(&inner);
    let key = store(&disk, "Hello").await;
    assert_eq!((mode(&directory.0), mode(&inner)), (0o700, 0o700));
    assert_eq!(mode(&inner.join(format!("{key}.json"))), 0o600);
    assert_eq!(disk.get(&key).await.unwrap().message.text(), "Hello");

    // An existing directory keeps its permissions, but the files created in it are private.
    let shared = directory.0.join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o750)).unwrap();
    let key = store(&DiskCache::new(&shared), "Hello").await;
    assert_eq!(mode(&shared), 0o750);
    assert_eq!(mode(&shared.join(format!("{key}.json"))), 0o600);
}

#[tokio::test]
async fn several_programs_can_remove_expired_replies_concurrently() {
    let directory = TempDir::new("cleaning");
    let disk = DiskCache::new(&directory.0);
    for number in 0..300 {
        store(&disk, &number.to_string()).await;
    }
    directory.expire_all();
    let removed: usize = std::thread::scope(|scope| {
        let cleaners = [(); 4].map(|()| scope.spawn(|| disk.remove_expired().unwrap()));
        cleaners.into_iter().map(|cleaner| cleaner.join().unwrap()).sum()
    });
    assert_eq!(removed, 300);
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 0);
}

#[tokio::test]
async fn leftover_files_of_killed_programs_are_removed() {
    let directory = TempDir::new("leftover");
    let disk = DiskCache::new(&directory.0);
    assert_eq!(disk.remove_expired().unwrap(), 0, "no directory yet");
    let (good, broken) = (store(&disk, "good").await, store(&disk, "broken").await);
    let path = |name: String| directory.0.join(name);
    let old = SystemTime::UNIX_EPOCH;
    for (name, is_old) in [
        ("agno-old.part".to_owned(), true),
        ("agno-new.part".to_owned(), false),
        (format!("{broken}.json"), true),
        ("notes.json".to_owned(), true),
        ("notes.part".to_owned(), true),
    ] {
        fs::write(path(name.clone()), "{").unwrap();
        if is_old {
            let file = File::options().write(true).open(path(name)).unwrap();
            file.set_modified(old).unwrap();
        }
    }
    assert_eq!(disk.remove_expired().unwrap(), 0);
    let mut left: Vec<_> = fs::read_dir(&directory.0)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    let mut expected = vec![
        "agno-new.part".to_owned(),
        format!("{good}.json"),
        "notes.json".to_owned(),
        "notes.part".to_owned(),
    ];
    expected.sort();
    assert_eq!(left, expected);
}

#[tokio::test]
async fn concurrent_writes_of_one_reply_leave_one_file() {
    let directory = TempDir::new("writes");
    let disk = DiskCache::new(&directory.0);
    let keys = futures_util::future::join_all((0..50).map(|_| store(&disk, "Hello"))).await;
    assert_eq!(disk.get(&keys[0]).await.unwrap().message.text(), "Hello");
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 1);
}
