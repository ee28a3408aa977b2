"""gcc's specs: how it compiles and links for one of our sysroots, in the right order, whatever else the user asks of it."""

from __future__ import annotations

from pathlib import Path

#: Both kinds: our headers, then the compiler's own, and nothing of the machine's.  Frame pointers are kept for backtraces.
_COMMON = """\
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem {root}/include -isystem include%s {define} %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem {root}/include -isystem include%s %{{!fpic:%{{!fPIC:%{{!fpie:-fPIE}}}}}} \
%{{!fomit-frame-pointer:-fno-omit-frame-pointer}} %{{!fstack-protector*:-fno-stack-protector}} %{{!fcf-protection*:-fcf-protection=none}}

*link_libgcc:
-L{root}/lib -L .%s

*libgcc:
libgcc.a%s

*lib:
--start-group -lc libgcc.a%s %:if-exists(libgcc_eh.a%s) --end-group {imports}

*startfile:
%{{!r:{start}}} %{{!r:{root}/lib/crti.o}} %{{!r:crtbeginS.o%s}}

*endfile:
%{{!r:crtendS.o%s}} %{{!r:{root}/lib/crtn.o}}

*link:
-m elf_x86_64 -nostdlib %{{r:-r;shared:%e-shared: there are no shared libraries in a unikernel, link everything into the program;:{link}}}

*esp_link_options:


*esp_options:


*esp_cpp_options:


"""

_KINDS = {
    # -z nodynamic-undefined-weak: what is nowhere defined is zero; the loader is never asked for it.
    "guest": {"define": "-D__demitasse__=1", "start": "{root}/lib/Scrt1.o", "imports": "{root}/lib/libdemitasse.so",
              "link": "-pie --no-dynamic-linker --hash-style=sysv --eh-frame-hdr -z now -z relro -z noexecstack "
                      "-z nodynamic-undefined-weak"},
    "linux": {"define": "", "start": "{root}/lib/rcrt1.o", "imports": "",
              "link": "-static -pie --no-dynamic-linker --hash-style=sysv --eh-frame-hdr -z text -z now -z relro -z noexecstack"},
}


def text(root: Path, kind: str) -> str:
    """The specs file of the sysroot at `root`."""
    words = {name: value.format(root=root) for name, value in _KINDS[kind].items()}
    return _COMMON.format(root=root, **words)
