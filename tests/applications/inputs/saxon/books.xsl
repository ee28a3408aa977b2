<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:f="urn:functions" xmlns:x="urn:x" xmlns:map="http://www.w3.org/2005/xpath-functions/map" exclude-result-prefixes="#all">
  <xsl:output method="xml" indent="yes"/>
  <xsl:param name="limit" as="xs:decimal" select="50"/>
  <xsl:mode on-no-match="shallow-skip"/>
  <xsl:key name="by-author" match="book" use="author"/>

  <xsl:function name="f:initials" as="xs:string">
    <xsl:param name="text" as="xs:string"/>
    <xsl:sequence select="string-join(for $word in tokenize($text, '\s+') return upper-case(substring($word, 1, 1)), '.')"/>
  </xsl:function>

  <xsl:template match="/books">
    <report total="{format-number(sum(book/@price), '#,##0.00')}" cheap="{count(book[xs:decimal(@price) lt $limit])}">
      <xsl:apply-templates select="book"><xsl:sort select="xs:decimal(@price)" order="descending"/></xsl:apply-templates>
      <xsl:for-each-group select="book" group-by="author">
        <xsl:sort select="current-grouping-key()"/>
        <author name="{current-grouping-key()}" books="{current-group()/@id}"/>
      </xsl:for-each-group>
      <keyed><xsl:value-of select="key('by-author', 'Grace')/@id" separator=","/></keyed>
      <map><xsl:value-of select="let $m := map { 'a': 1, 'b': [2, 3] } return ($m?b?*, map:size($m))"/></map>
      <xsl:iterate select="1 to 5">
        <xsl:param name="sum" select="0"/>
        <xsl:on-completion><sum><xsl:value-of select="$sum"/></sum></xsl:on-completion>
        <xsl:next-iteration><xsl:with-param name="sum" select="$sum + ."/></xsl:next-iteration>
      </xsl:iterate>
      <xsl:try><xsl:value-of select="1 div 0"/><xsl:catch errors="*"><failed code="{$err:code}" xmlns:err="http://www.w3.org/2005/xqt-errors"/></xsl:catch></xsl:try>
      <date><xsl:value-of select="format-date(xs:date('2024-02-29') + xs:dayTimeDuration('P366D'), '[D01] [MNn] [Y], [FNn]')"/></date>
    </report>
  </xsl:template>

  <xsl:template match="book">
    <item id="{@id}" lang="{@lang}" initials="{f:initials(title)}"><xsl:value-of select="title"/><xsl:apply-templates select="x:note"/></item>
  </xsl:template>
  <xsl:template match="x:note"><note><xsl:value-of select="replace(., '(s)(e)', '$2$1')"/></note></xsl:template>
</xsl:stylesheet>
