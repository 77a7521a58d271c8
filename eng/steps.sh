# What the scripts that try packages share; to be sourced, with $work a folder of the script's own.
passed=0 failed=0

step() { # step NAME COMMAND...: runs it, tells how it went, shows its output when it failed
    local name=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        echo "PASS $name"
        passed=$((passed + 1))
    else
        echo "FAIL $name"
        tail -n 40 "$work/log" | sed 's/^/     /'
        failed=$((failed + 1))
    fi
}

prints() { # prints TEXT COMMAND...: the command succeeds, and its output has the text
    local text=$1
    shift
    "$@" > "$work/printed" || { cat "$work/printed"; return 1; }
    cat "$work/printed"
    grep -qF -- "$text" "$work/printed" || { echo "expected in the output: $text"; return 1; }
}

draws() { # draws FILE COMMAND...: the command succeeds, and leaves a PNG with the native library that came with it
    local file=$1
    shift
    "$@" || return 1
    head -c 4 "$file" | grep -aq PNG || { echo "expected a PNG: $file"; return 1; }
}
