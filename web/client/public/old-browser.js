// Runs only where modules do not: uncovers the words for browsers that are too old. Kept in plain ES3 on purpose.
var old = document.getElementById("old-browser");
if (old) old.removeAttribute("hidden");
