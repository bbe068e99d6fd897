/// TypeScript that has to become the JavaScript that another program makes of it.
let typeSnippets = [
    #"""
    const x: number = 1; use(x)
    """#,
    #"""
    let a: string | undefined, b: number
    """#,
    #"""
    function f(a: number, b?: string, ...c: any[]): Promise<void> { return a }
    """#,
    #"""
    const g = async <T,>(x: T): Promise<T> => x
    """#,
    #"""
    const h = (a: {b: string}, [c, d]: [number, number] = [1,2]): void => {}
    """#,
    #"""
    interface A extends B<C> { x: string; y(): void }
    const y = 1
    """#,
    #"""
    type X<T> = T extends string ? { a: T } : never;
    const z = 1
    """#,
    #"""
    type U =
      | "a"
      | "b"
    let q: U = "a"
    """#,
    #"""
    const m = new Map<string, Array<number>>()
    """#,
    #"""
    const n = foo<string>(x) as unknown as Bar<Baz>
    """#,
    #"""
    const o = { a: 1 } satisfies Foo
    """#,
    #"""
    x!.y!.z; x![0]; f()!.a
    """#,
    #"""
    const t = a < b && c > d
    """#,
    #"""
    if (a < b || c > (d)) { z }
    """#,
    #"""
    const s = a ? (b) : c
    """#,
    #"""
    const s2 = a ? (b, c) : (d: number): string => e
    """#,
    #"""
    for (const k of ks as string[]) { k }
    """#,
    #"""
    for (let i: number = 0; i < 3; i++) {}
    """#,
    #"""
    try { a } catch (e: unknown) { b }
    """#,
    #"""
    class C<T> extends D<T> implements E, F { private readonly a: string = "x"; b?: number; c!: string; static d = 1; constructor(x: number) { super() } get e(): string { return "" } private async f<T>(x: T): Promise<void> {} [k: string]: any; abstract g(): void; declare h: number; foo(a: string): void; foo(a: any) {} }
    """#,
    #"""
    abstract class Q { abstract x(): void }
    """#,
    #"""
    declare const zz: string;
    declare function ff(a: string): void;
    use(zz)
    """#,
    #"""
    import type { A } from "x"
    const b = 1
    """#,
    #"""
    const { a, b }: { a: string; b: number } = x
    """#,
    #"""
    const fn = function <T>(this: Foo, a: T): a is string { return true }
    """#,
    #"""
    function over(a: string): void;
    function over(a: any) { return a }
    """#,
    #"""
    const p = `a${x as string}b${y!}c`
    """#,
    #"""
    const arr = [1, 2, 3].map((x: number): string => String(x)).filter((x): x is string => !!x)
    """#,
    #"""
    let u = <string>foo; let v = <T>(x: T) => x
    """#,
    #"""
    const w = (await foo()) as { tasks: Task[] }
    """#,
    #"""
    const r = obj as const
    """#,
    #"""
    switch (x) { case (a): b(); break; default: c() }
    """#,
    #"""
    const big = a >> 2 >>> 3 >= 4
    """#,
    #"""
    let r1 = x as any < 3
    """#,
    #"""
    const fs: Array<() => void> = []
    """#,
    #"""
    const fs2: (x: number) => Record<string, number>[] = f
    """#,
    #"""
    type K = keyof typeof obj; let kk: typeof obj[number] = 1
    """#,
    #"""
    function assertIsString(val: any): asserts val is string {}
    """#,
    #"""
    let o2 = { m<T>(x: T): void {}, async n(a?: number) {}, get p(): number { return 1 }, [k]: 1, a, ...b }
    """#,
    #"""
    const re = a / b / c; const re2 = /a<b>/g.test(x as string)
    """#,
    #"""
    label: for (;;) { break label }
    """#,
    #"""
    let tpl: `a${string}b` = x
    """#,
    #"""
    var fn2 = async (x: number) => { await y<number>(x) }
    """#,
    #"""
    const nested: Map<string, Map<string, number>> = new Map<string, Map<string, number>>()
    """#,
    #"""
    export1(a as B, c)
    """#,
    #"""
    return1 = x! + y! - z!
    """#,
    #"""
    let type = 1; type = 2; type
    """#,
    #"""
    let as = 1; as
    """#,
    #"""
    const dd = (a as any) = 3
    """#,
    #"""
    if (x as boolean) y
    """#,
    #"""
    const opt = a?.b!.c?.[0]!
    """#,
    #"""
    const c2 = cond ? (x as number) : (y as string)
    """#,
    #"""
    const c3 = cond ? { a: 1 as number } : [b as C]
    """#,
    #"""
    const c4 = cond ? ((x: number): number => x) : z
    """#,
    #"""
    let neg: -1 | 1 = 1
    """#,
    #"""
    let fnn: new (...args: any[]) => Foo = Bar
    """#,
    #"""
    let tt: [a: string, b?: number]
    """#,
    #"""
    let im: import("x").Y<string>
    """#,
    #"""
    function gen<T extends readonly string[] = []>(x: T) {}
    """#,
    #"""
    const v1 = <any>["a"]
    """#,
    #"""
    while (i < n as number) { i++ }
    """#,
    #"""
    type A = {
      a: string;
      b: number
    }

    let q = 1
    """#,
    #"""
    let uq: unique symbol, ab: abstract new () => void
    """#,
    #"""
    class P { static { this.x = 1 as number } y: number = 1; #p: string = ""; static async *g(): AsyncGenerator<number> {} }
    """#,
    #"""
    const fnx = (x?: number) => x; const fny = (x?) => x
    """#,
    #"""
    const result: Task[] = await orca.tasks.list({ status: ["ready"] as Status[] })
    """#,
    #"""
    const yy = x as number | undefined ?? 3
    """#,
]
