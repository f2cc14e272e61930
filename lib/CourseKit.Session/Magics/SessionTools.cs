using CourseKit.Session.Cells;
using CourseKit.Session.Output;
using CourseKit.Session.Packages;

namespace CourseKit.Session.Magics;

/// <summary>What the commands of a cell work with.</summary>
internal sealed record SessionTools(ICellTranslator Translator, ReferenceSet References, PackageLoader Packages, SessionVariables Variables, ValueStore Values, OutputSink Sink)
{
    public void Display(MimeBundle bundle) =>
        Sink.Add(Nbformat.Display(Nbformat.DisplayData, Guid.NewGuid().ToString("N"), bundle.Data), bundle.Length);
}
