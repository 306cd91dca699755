"""What a child does to itself before it meets the learner's code: namespaces, private file systems, limits, a filter.

Everything here is one-way: no later code in the process can undo it.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# <linux/sched.h> CLONE_NEW…: user, pid, mnt, net, ipc, uts
_NEW_NAMESPACES = 0x10000000 | 0x20000000 | 0x00020000 | 0x40000000 | 0x08000000 | 0x04000000
# <linux/mount.h> and <linux/prctl.h>
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 1, 4, 22, 24
_PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 38, 36
_CAPABILITY_VERSION_3 = 0x20080522
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)  # bound before any learner's code could


def become_nobody() -> None:
    """Give up root for good (the limit on processes does not hold for root)."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    _prctl(_PR_SET_DUMPABLE, 1)  # else /proc/self/uid_map would belong to root


def new_namespaces() -> None:
    """Users, processes (from the next fork on), mounts, network, IPC and host name of this child's own."""
    uid, gid = os.getuid(), os.getgid()
    _checked(_libc.unshare(_NEW_NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def private_files(scratch: str, size: int) -> None:
    """An empty scratch folder of limited size that dies with the child, and no /proc."""
    _mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    options = f"size={size},nr_inodes=4096,mode=0700".encode()
    _mount(b"tmpfs", scratch.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, options)
    _mount(b"tmpfs", b"/proc", b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC | _MS_RDONLY, b"size=4k")


def drop_capabilities() -> None:
    """Every capability, also from the bounding set, so that none can come back; root without any is a mere user id."""
    if sys.platform != "linux":
        return
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # past the last one this kernel knows
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def limit(limits: Mapping[str, Any], base: int, processes: int | None) -> None:
    """Memory (on top of ``base``), processor time, file size, open files and, where it can be held, processes."""
    seconds = int(limits["notebook_seconds"] + limits["cell_seconds"] + 600)
    _rlimit(resource.RLIMIT_CPU, seconds)
    _rlimit(resource.RLIMIT_AS, base + limits["memory"])
    _rlimit(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _rlimit(resource.RLIMIT_NOFILE, 64)
    _rlimit(resource.RLIMIT_CORE, 0)
    if processes is not None:
        _rlimit(resource.RLIMIT_NPROC, processes)


def no_new_privileges() -> None:
    """No program run from here gains rights (sudo, su)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_system_calls(program: bytes) -> None:
    """Install a seccomp program (see ``autograder/sandbox/seccomp.py``); it cannot be taken off."""
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of 8-byte instructions and where they are
    descriptor = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    _checked(_libc.prctl(_PR_SET_SECCOMP, 2, descriptor, 0, 0), "seccomp")


def die_with_parent() -> None:
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Processes that detach themselves become children of this one, which can then end them."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, value, 0, 0, 0), "prctl")


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, options: bytes | None) -> None:
    _checked(_libc.mount(source, target, kind, ctypes.c_ulong(flags), options), f"mount {target.decode()}")


def _checked(answer: int, what: str) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _rlimit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):  # macOS refuses some of them; the tiers' table says so
        resource.setrlimit(which, (value, value))


def address_space() -> int:
    """Bytes of address space that this process already has (0 where the system does not tell)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
