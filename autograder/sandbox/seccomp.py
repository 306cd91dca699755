"""The system calls that a child may not make, as a program for the kernel (seccomp BPF).

libseccomp (through ``pyseccomp``) writes the program here, in the trusted process, with the right numbers for this
machine; the child installs the bytes.
"""

import errno
import tempfile
from functools import cache
from typing import Any

# No other process may be started, signalled, traced or joined; no socket opened; nothing mounted; nothing left behind
# in the kernel for the next submission (keys, shared memory, message queues).
_REFUSED = """
fork vfork execve execveat kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
ptrace process_vm_readv process_vm_writev process_madvise kcmp
socket connect bind listen accept accept4
unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl mq_open mq_unlink mq_timedsend mq_timedreceive
add_key request_key keyctl bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
open_by_handle_at name_to_handle_at mknod mknodat personality acct swapon swapoff reboot quotactl
init_module finit_module delete_module kexec_load kexec_file_load iopl ioperm
sched_setscheduler sched_setattr setpriority ioprio_set migrate_pages move_pages mbind set_mempolicy
fanotify_init inotify_init inotify_init1 setuid setgid setresuid setresgid setgroups capset landlock_restrict_self
"""
_CLONE_THREAD = 0x00010000
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15  # ways to have the kernel send a signal to another process


@cache
def program() -> bytes | None:
    """The filter's bytes, or None where libseccomp or ``pyseccomp`` is missing."""
    try:
        import pyseccomp as seccomp
    except Exception:  # not installed, or it finds no libseccomp
        return None
    refuse = seccomp.ERRNO(errno.EPERM)
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in _REFUSED.split():
        _add(rules, refuse, name)
    _add(rules, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, 0))  # a thread is allowed
    _add(rules, seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be read here; libc then takes clone
    _add(rules, refuse, "prlimit64", seccomp.Arg(0, seccomp.NE, 0))  # of itself only
    for command in (_F_SETOWN, _F_SETSIG, _F_SETOWN_EX):
        _add(rules, refuse, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _add(rules: Any, action: int, name: str, *arguments: Any) -> None:
    """Add a rule, unless this libseccomp is older than the call (so, most likely, is the kernel)."""
    import pyseccomp as seccomp

    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    if number != -1:
        rules.add_rule(action, number, *arguments)
