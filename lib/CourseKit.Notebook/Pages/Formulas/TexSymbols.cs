using System.Collections.Frozen;

namespace CourseKit.Notebook;

/// <summary>How a sign stands among its neighbours: TeX spaces a formula by these kinds.</summary>
internal enum TexKind
{
    Ordinary,
    Operator,
    Binary,
    Relation,
    Opening,
    Closing,
    Punctuation,
    Space,
}

/// <summary>The names that TeX has for signs, as far as people use them in notebooks.</summary>
internal static class TexSymbols
{
    /// <summary>Letters that TeX sets in italics.</summary>
    public static FrozenDictionary<string, string> Letters { get; } = Table("""
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ
        pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω ell ℓ imath ı jmath ȷ
        """);

    /// <summary>Letters and signs that stand upright.</summary>
    public static FrozenDictionary<string, string> Upright { get; } = Table("""
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        infty ∞ partial ∂ nabla ∇ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬
        top ⊤ bot ⊥ angle ∠ triangle △ square □ checkmark ✓ prime ′ degree ° dagger † ddagger ‡ S §
        dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ # # % % $ $ _ _ & &
        """);

    /// <summary>Signs between two operands.</summary>
    public static FrozenDictionary<string, string> Binary { get; } = Table("""
        cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
        cap ∩ cup ∪ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ sqcap ⊓ sqcup ⊔ bmod mod
        """);

    /// <summary>Signs that compare or lead.</summary>
    public static FrozenDictionary<string, string> Relations { get; } = Table("""
        le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫ lt &lt; gt &gt; equiv ≡ approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ doteq ≐
        in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ mid ∣ parallel ∥ perp ⟂ models ⊨ vdash ⊢ prec ≺ succ ≻ colon :
        to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ mapsto ↦ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ longmapsto ⟼
        Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ Longrightarrow ⟹ Longleftarrow ⟸ implies ⟹ impliedby ⟸ iff ⟺
        uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ coloneqq ≔ triangleq ≜
        """);

    /// <summary>Signs of repetition, large in a formula set apart, with what it runs over below and above.</summary>
    public static FrozenDictionary<string, string> Large { get; } = Table("""
        sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigvee ⋁ bigwedge ⋀
        """);

    /// <summary>Integrals: large, with the limits beside them.</summary>
    public static FrozenDictionary<string, string> Integrals { get; } = Table("int ∫ iint ∬ iiint ∭ oint ∮");

    /// <summary>Functions written as words.</summary>
    public static FrozenSet<string> Functions { get; } = Words("arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh");

    /// <summary>Functions written as words, with what they run over below them.</summary>
    public static FrozenDictionary<string, string> Limits { get; } = Words("det gcd inf lim liminf limsup max min Pr sup argmax argmin")
        .ToFrozenDictionary(name => name, name => name switch { "liminf" => "lim\u2009inf", "limsup" => "lim\u2009sup", _ => name }, StringComparer.Ordinal);

    /// <summary>Brackets and bars.</summary>
    public static FrozenDictionary<string, (string Sign, TexKind Kind)> Brackets { get; } = new Dictionary<string, (string, TexKind)>
    {
        ["("] = ("(", TexKind.Opening), [")"] = (")", TexKind.Closing),
        ["["] = ("[", TexKind.Opening), ["]"] = ("]", TexKind.Closing),
        ["\\{"] = ("{", TexKind.Opening), ["\\}"] = ("}", TexKind.Closing),
        ["\\lbrace"] = ("{", TexKind.Opening), ["\\rbrace"] = ("}", TexKind.Closing),
        ["\\lbrack"] = ("[", TexKind.Opening), ["\\rbrack"] = ("]", TexKind.Closing),
        ["\\langle"] = ("⟨", TexKind.Opening), ["\\rangle"] = ("⟩", TexKind.Closing),
        ["\\lfloor"] = ("⌊", TexKind.Opening), ["\\rfloor"] = ("⌋", TexKind.Closing),
        ["\\lceil"] = ("⌈", TexKind.Opening), ["\\rceil"] = ("⌉", TexKind.Closing),
        ["\\lvert"] = ("|", TexKind.Opening), ["\\rvert"] = ("|", TexKind.Closing),
        ["\\lVert"] = ("‖", TexKind.Opening), ["\\rVert"] = ("‖", TexKind.Closing),
        ["|"] = ("|", TexKind.Ordinary), ["\\vert"] = ("|", TexKind.Ordinary),
        ["\\|"] = ("‖", TexKind.Ordinary), ["\\Vert"] = ("‖", TexKind.Ordinary),
        ["/"] = ("/", TexKind.Ordinary), ["\\backslash"] = ("\\", TexKind.Ordinary),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What stands over a letter or, stretched, over an expression.</summary>
    public static FrozenDictionary<string, (string Sign, bool Stretches)> Accents { get; } = new Dictionary<string, (string, bool)>
    {
        ["hat"] = ("^", false), ["widehat"] = ("^", true),
        ["tilde"] = ("~", false), ["widetilde"] = ("~", true),
        ["bar"] = ("‾", false), ["overline"] = ("‾", true),
        ["vec"] = ("→", false), ["overrightarrow"] = ("→", true),
        ["dot"] = ("˙", false), ["ddot"] = ("¨", false), ["check"] = ("ˇ", false), ["breve"] = ("˘", false), ["acute"] = ("´", false), ["grave"] = ("`", false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Room, in ems.</summary>
    public static FrozenDictionary<string, string> Spaces { get; } = new Dictionary<string, string>
    {
        [","] = "0.1667", ["thinspace"] = "0.1667", [":"] = "0.2222", [">"] = "0.2222", ["medspace"] = "0.2222", [";"] = "0.2778", ["thickspace"] = "0.2778",
        ["!"] = "-0.1667", [" "] = "0.25", ["enspace"] = "0.5", ["quad"] = "1", ["qquad"] = "2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Table(string text) =>
        text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1] is "&" ? "&amp;" : pair[1], StringComparer.Ordinal);

    private static FrozenSet<string> Words(string text) => text.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
