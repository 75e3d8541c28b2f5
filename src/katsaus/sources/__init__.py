"""Where figures come from: snapshots with sidecars that say what they are."""
